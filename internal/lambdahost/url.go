package lambdahost

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ServeHTTP is a function URL with InvokeMode RESPONSE_STREAM, without the check
// of who asks.
//
// What fails before the answer's header is known is a 502, or 504 if it was for
// time and 429 if the function is busy. After that the client's connection is
// broken, so that it does not take what it got for the whole.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	event, err := eventOf(r, h.config.Region, time.Now().UTC())
	if err != nil {
		refuse(w, err)
		return
	}
	call, err := h.invoke(event)
	if err == nil {
		defer call.answer.Close()
		err = call.begun()
	}
	if err != nil {
		refuse(w, err)
		return
	}
	body := bufio.NewReaderSize(call.answer, 64<<10)
	status := http.StatusOK
	if mediaType := call.mediaType(); mediaType == httpResponse {
		if status, err = readHeader(body, w.Header()); err != nil {
			refuse(w, err)
			return
		}
	} else {
		w.Header().Set("Content-Type", mediaType)
	}
	w.WriteHeader(status)
	if err := stream(w, body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// refuse answers in place of the function.
func refuse(w http.ResponseWriter, err error) {
	status, text := http.StatusBadGateway, "Internal Server Error"
	switch {
	case errors.Is(err, ErrThrottled):
		status, text = http.StatusTooManyRequests, "Rate Exceeded."
	case errors.Is(err, ErrTimeout):
		status, text = http.StatusGatewayTimeout, "Gateway Timeout"
	}
	header := w.Header()
	clear(header)
	header.Set("Content-Type", "application/json")
	header.Set("X-Amzn-Errortype", http.StatusText(status))
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"Message": text})
}

// stream copies the body, each piece as it comes. The error is the body's own; a
// client that is gone is none.
func stream(w http.ResponseWriter, body io.Reader) error {
	flusher := http.NewResponseController(w)
	buffer := make([]byte, 64<<10)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			if _, failed := w.Write(buffer[:n]); failed != nil {
				return nil
			}
		}
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		if n > 0 {
			_ = flusher.Flush()
		}
	}
}

// delimiter stands between an answer's header, in JSON, and its body.
var delimiter = make([]byte, 8)

// maxHeader is how long that JSON may be, in bytes.
const maxHeader = 64 << 10

// remapped are headers that Lambda keeps for itself: a function's own are passed
// on as X-Amzn-Remapped-…. So a body is sent in chunks, whatever length it was
// said to have.
var remapped = map[string]bool{
	"Connection": true, "Content-Length": true, "Date": true, "Keep-Alive": true,
	"Server": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

// readHeader reads status and header of an answer.
func readHeader(body *bufio.Reader, into http.Header) (status int, err error) {
	var text []byte
	for !bytes.HasSuffix(text, delimiter) {
		b, err := body.ReadByte()
		if err != nil {
			if err == io.EOF {
				err = errors.New("the answer has no header: 8 zero bytes are to end it")
			}
			return 0, err
		}
		if text = append(text, b); len(text) > maxHeader {
			return 0, errors.New("the answer's header is too long")
		}
	}
	var said struct {
		StatusCode int
		Headers    map[string]string
		Cookies    []string
	}
	if err := json.Unmarshal(bytes.TrimSuffix(text, delimiter), &said); err != nil {
		return 0, fmt.Errorf("the answer's header: %w", err)
	}
	if said.StatusCode == 0 {
		said.StatusCode = http.StatusOK
	}
	if said.StatusCode < 200 || said.StatusCode > 599 {
		return 0, fmt.Errorf("the answer's header: there is no status %d", said.StatusCode)
	}
	for name, value := range said.Headers {
		name = http.CanonicalHeaderKey(name)
		if remapped[name] {
			name = "X-Amzn-Remapped-" + name
		}
		into.Set(name, value)
	}
	for _, cookie := range said.Cookies {
		into.Add("Set-Cookie", cookie)
	}
	return said.StatusCode, nil
}
