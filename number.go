package photofit

// Numbers in a query are read as digits into thousandths, and all arithmetic is
// on integers below 2^53. So there is no rounding to disagree on, and other
// languages can repeat it.

const (
	thousand   = 1000
	maxInteger = 1_000_000 // greater numbers count as this
	maxDigits  = 32        // of a number's text, dot included
)

// parseDecimal reads a number such as "800", "1.5" or ".5": no sign, no
// exponent. It gives the whole thousandths, and whether there was more.
func parseDecimal(s string) (milli int64, more, ok bool) {
	if len(s) > maxDigits {
		return 0, false, false
	}
	digits, i := 0, 0
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		milli = min(milli*10+int64(s[i]-'0'), maxInteger)
		digits++
	}
	milli *= thousand
	if i < len(s) && s[i] == '.' {
		i++
		for scale := int64(thousand / 10); i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
			milli += int64(s[i]-'0') * scale
			more = more || scale == 0 && s[i] != '0'
			scale /= 10
			digits++
		}
	}
	return milli, more, i == len(s) && digits > 0
}

// ceilDiv and roundDiv divide what is not negative by what is positive;
// roundDiv rounds a half up.
func ceilDiv(a, b int64) int64  { return (a + b - 1) / b }
func roundDiv(a, b int64) int64 { return (2*a + b) / (2 * b) }
