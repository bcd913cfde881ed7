package photofit

import (
	"errors"
	"strconv"
)

// Explanation is what Resolve did, and why.
type Explanation struct {
	Recipe Recipe // zero if the request was refused
	Path   string // the recipe's canonical path; empty if the request was refused
	Steps  []Step
}

// Step is what became of one thing that was given, or what stands for one that
// was not.
type Step struct {
	Param  string `json:"param"`  // the parameter: "w"; or "path" or "Accept"
	Given  string `json:"given"`  // its decoded value; empty if it was not given
	Became string `json:"became"` // what is made of it; empty if it has no effect
	Why    string `json:"why"`    // a phrase for people; no program should read it
}

// Explain is Resolve with a record kept, by the same code. If the request is
// refused, the steps until then are given with the error, the last one being
// the refused parameter.
func Explain(path, rawQuery, accept string, p Policy) (Explanation, error) {
	t := new(trace)
	r, err := resolve(path, rawQuery, accept, &p, t)
	if err != nil {
		var e *Error
		if errors.As(err, &e) && e.Param != "" {
			t.note(e.Param, t.valueOf(e.Param), "", "refused: "+e.Text)
		}
		return Explanation{Steps: t.steps}, err
	}
	return Explanation{Recipe: r, Path: r.Path(), Steps: t.steps}, nil
}

// trace keeps steps. All methods do nothing on a nil trace, which is how
// Resolve runs.
type trace struct {
	steps []Step
	value [paramCount]string
	given [paramCount]bool
}

// give records a parameter's value for the steps that follow.
func (t *trace) give(p param, value string) {
	if t != nil {
		t.value[p], t.given[p] = value, true
	}
}

// giveForm does so for what a path form says.
func (t *trace) giveForm(w wish) {
	if t == nil {
		return
	}
	if w.w > 0 {
		t.give(paramW, strconv.FormatInt(w.w, 10))
	}
	if w.h > 0 {
		t.give(paramH, strconv.FormatInt(w.h, 10))
	}
	if w.fit == Cover {
		t.give(paramFit, w.fit.String())
		t.give(paramCrop, w.crop.String())
	}
	if w.quality > 0 {
		t.give(paramQ, strconv.Itoa(w.quality))
	}
	t.give(paramFM, w.format.String())
	t.param(paramFM, w.format.String(), "as the path says, whatever Accept says")
}

func (t *trace) valueOf(name string) string {
	for p, n := range paramNames {
		if n == name {
			return t.value[p]
		}
	}
	return ""
}

func (t *trace) note(name, given, became, why string) {
	if t != nil {
		t.steps = append(t.steps, Step{name, given, became, why})
	}
}

// param notes what became of a parameter; one that was not given and has become
// nothing is not worth a step.
func (t *trace) param(p param, became, why string) {
	if t != nil && t.given[p] {
		t.note(paramNames[p], t.value[p], became, why)
	}
}

// drop notes that a parameter has no effect, after which there is nothing more
// to say of it.
func (t *trace) drop(p param, why string) {
	if t != nil {
		t.param(p, "", why)
		t.given[p] = false
	}
}

// number notes it even of one that was not given.
func (t *trace) number(p param, became int, why string) {
	if t != nil {
		t.note(paramNames[p], t.value[p], strconv.Itoa(became), why)
	}
}

// crop notes what is kept, and each half of a focal point that was given.
func (t *trace) crop(c Crop, why string) {
	if t == nil {
		return
	}
	x, y := c.Point()
	became := "smart"
	if !c.Smart() {
		became = strconv.Itoa(x) + "-" + strconv.Itoa(y)
	}
	t.note(paramNames[paramCrop], t.value[paramCrop], became, why)
	t.param(paramFPX, strconv.Itoa(x), "percent from the left")
	t.param(paramFPY, strconv.Itoa(y), "percent from the top")
}

// dropSizes notes that nothing but the format counts.
func (t *trace) dropSizes(why string) {
	for p := paramW; p <= paramQ; p++ {
		t.param(p, "", why)
	}
}
