package purge

import "testing"

// scenario is what may happen in one exploration.
type scenario struct {
	name   string
	left   budget
	lives  lives
	single bool // one purge at a time
	prompt bool // nothing of the purge's own fails, so an edge is wrong no longer than promised
}

// longestWrong is how long after a change an edge may hold what was before, in
// ticks: three deliveries and passes, and two delays (docs/purge.md).
func (l lives) longestWrong() int8 { return 3*(l.deliver+l.purge) + 2*nextPass }

// Each thing is tried by itself, and with a second of what it may meet: all at
// once have too many orders.
var scenarios = []scenario{
	{name: "one render, one change", left: budget{changes: 1, renders: 1, answers: 1, fetches: 2, deaths: 1}, lives: lives{1, 1}, prompt: true},
	{name: "an event twice", left: budget{changes: 1, renders: 1, fetches: 1, deaths: 1, duplicates: 1}},
	{name: "an event twice, once late", left: budget{changes: 1, renders: 1, fetches: 1, duplicates: 1}, lives: lives{3, 0}, single: true},
	{name: "a purge crashes", left: budget{changes: 1, renders: 1, fetches: 1, deaths: 1, crashes: 1}, lives: lives{0, 1}},
	{name: "an invalidation is refused", left: budget{changes: 1, renders: 1, fetches: 1, deaths: 1, refusals: 1}, lives: lives{0, 1}},
	{name: "a message comes again", left: budget{changes: 1, renders: 1, fetches: 1, deaths: 1, redeliveries: 1}},
	{name: "two renders", left: budget{changes: 1, renders: 2, answers: 1, fetches: 1, deaths: 1}},
	{name: "two changes", left: budget{changes: 2, renders: 1, fetches: 1, deaths: 1}, single: true},
	{name: "two changes, two purges at a time", left: budget{changes: 2, renders: 1, deaths: 1}},
	{name: "a master and a render", left: budget{changes: 1, renders: 1, masters: 1, fetches: 1, deaths: 2}},
	{name: "two masters", left: budget{changes: 1, masters: 2, deaths: 1}, lives: lives{1, 1}},
	{name: "two changes and a master", left: budget{changes: 2, masters: 1, fetches: 1, deaths: 1}, single: true},
	{name: "two changes, two renders", left: budget{changes: 2, renders: 2}, single: true},
}

// starts are the moments before the first change: nothing was made yet; it was,
// and the edge has it; or has it no more. If masters are made, there may be one.
func (s scenario) starts() []world {
	first := s.left.newest() - 1
	starts := []world{
		{photo: first, left: s.left},
		{photo: first, kept: first, edge: entry{of: first, long: true}, left: s.left},
		{photo: first, kept: first, left: s.left},
	}
	if s.left.masters > 0 {
		for _, w := range starts {
			w.master = first
			starts = append(starts, w)
		}
	}
	return starts
}

func TestModelFindsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range scenarios {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(modelRules{}, c.lives)
			m.prompt, m.single = c.prompt, c.single
			if err := m.explore(c.starts()); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d moments", len(m.worlds))
			if c.prompt {
				t.Logf("an edge was wrong for %d ticks at most", m.wrongest)
			}
			if m.fault != "" {
				t.Errorf("%s\n%s", m.fault, m.story(m.at))
			}
			if c.prompt && m.wrongest > c.lives.longestWrong() {
				t.Errorf("an edge was wrong for %d ticks, want %d at most\n%s", m.wrongest, c.lives.longestWrong(), m.story(m.wrongestAt))
			}
		})
	}
}

// Each of these would be a hole, so the model must see it.
func TestModelFindsMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rules modelRules
		left  budget
		late  int8 // how late a message may come, in ticks; 0: one
	}{
		{"one pass", modelRules{passes: 1}, budget{changes: 1, renders: 1, deaths: 1}, 0},
		{"two passes, and an edge that reads what the second forgets", modelRules{passes: 2}, budget{changes: 1, renders: 1, fetches: 1, deaths: 1}, 0},
		{"a second pass that forgets nothing", modelRules{keepsAll: true}, budget{changes: 1, renders: 1, deaths: 1}, 0},
		{"a second pass that does not invalidate what the first forgot", modelRules{noInvalidate: true}, budget{changes: 1, fetches: 1}, 0},
		{"no marker", modelRules{noMarker: true}, budget{changes: 1, renders: 1, fetches: 1}, 0},
		{"no look at the photo after the put", modelRules{noCheck: true, passes: 1}, budget{changes: 1, renders: 1}, 0},
		{"a message that comes again is taken for new", modelRules{forgetful: true}, budget{changes: 1, crashes: 1}, 0},
		{"one reference for all events of a photo", modelRules{sameRef: true}, budget{changes: 1, renders: 1, fetches: 1, duplicates: 1}, 2},
		{"the function's answers are kept for a year", modelRules{longAnswers: true}, budget{changes: 1, renders: 1, answers: 1}, 0},
		{"a put replaces what another has put", modelRules{overwrite: true}, budget{changes: 1, renders: 2, fetches: 1, deaths: 1}, 0},
		{"a master is taken for one of the photo as it is", modelRules{trusts: true}, budget{changes: 1, renders: 1, masters: 1, fetches: 1, deaths: 1}, 0},
		{"a master is not looked after", modelRules{noCheck: true, passes: 1}, budget{changes: 1, masters: 1}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newModel(c.rules, lives{max(c.late, 1), 0})
			m.single = c.late > 0
			if err := m.explore(scenario{left: c.left}.starts()); err != nil {
				t.Fatal(err)
			}
			if m.fault == "" {
				t.Errorf("nothing found in %d moments", len(m.worlds))
				return
			}
			t.Logf("%s\n%s", m.fault, m.story(m.at))
		})
	}
}
