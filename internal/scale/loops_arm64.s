#include "textflag.h"

// func weighNEON(out, rows, weights []float32)
TEXT ·weighNEON(SB), NOSPLIT, $0-72
	MOVD out_base+0(FP), R0
	MOVD out_len+8(FP), R1
	MOVD rows_base+24(FP), R2
	MOVD weights_base+48(FP), R3
	MOVD weights_len+56(FP), R4
	LSR  $5, R1, R1

columns32:
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	MOVD R2, R5
	MOVD R3, R6
	MOVD R4, R7

row:
	VLD1R.P 4(R6), [V16.S4]
	ADD     $64, R5, R8
	VLD1    (R5), [V20.S4, V21.S4, V22.S4, V23.S4]
	VLD1    (R8), [V24.S4, V25.S4, V26.S4, V27.S4]
	VFMLA   V16.S4, V20.S4, V0.S4
	VFMLA   V16.S4, V21.S4, V1.S4
	VFMLA   V16.S4, V22.S4, V2.S4
	VFMLA   V16.S4, V23.S4, V3.S4
	VFMLA   V16.S4, V24.S4, V4.S4
	VFMLA   V16.S4, V25.S4, V5.S4
	VFMLA   V16.S4, V26.S4, V6.S4
	VFMLA   V16.S4, V27.S4, V7.S4
	ADD     $512, R5                              // block
	SUBS    $1, R7, R7
	BNE     row

	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R0)
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)
	ADD    $128, R2
	SUBS   $1, R1, R1
	BNE    columns32
	RET

// func acrossNEON(out, line []float32, first []int32, weights []float32, taps, bands int)
TEXT ·acrossNEON(SB), NOSPLIT, $0-112
	MOVD out_base+0(FP), R0
	MOVD line_base+24(FP), R1
	MOVD first_base+48(FP), R2
	MOVD first_len+56(FP), R3
	MOVD weights_base+72(FP), R4
	MOVD taps+96(FP), R5
	MOVD bands+104(FP), R6
	LSL  $2, R6, R6               // bytes of a pixel
	LSR  $2, R5, R5               // taps come in fours
	FMOVS $1.0, F30
	VDUP  V30.S[0], V30.S4

pixel:
	MOVW.P 4(R2), R7
	MUL    R6, R7, R7
	ADD    R1, R7, R7
	MOVD   R5, R8
	VEOR   V0.B16, V0.B16, V0.B16
	VEOR   V1.B16, V1.B16, V1.B16

taps4:
	VLD1R.P 4(R4), [V16.S4]
	VLD1R.P 4(R4), [V17.S4]
	VLD1R.P 4(R4), [V18.S4]
	VLD1R.P 4(R4), [V19.S4]
	VLD1    (R7), [V20.S4]
	ADD     R6, R7, R9
	VLD1    (R9), [V21.S4]
	ADD     R6, R9, R9
	VLD1    (R9), [V22.S4]
	ADD     R6, R9, R9
	VLD1    (R9), [V23.S4]
	ADD     R6, R9, R7
	VFMLA   V16.S4, V20.S4, V0.S4
	VFMLA   V17.S4, V21.S4, V1.S4
	VFMLA   V18.S4, V22.S4, V0.S4
	VFMLA   V19.S4, V23.S4, V1.S4
	SUBS    $1, R8, R8
	BNE     taps4

	// Go's assembler has no addition of float vectors: V0 += 1 × V1.
	VFMLA V30.S4, V1.S4, V0.S4
	VST1  [V0.S4], (R0)
	ADD   R6, R0
	SUBS  $1, R3, R3
	BNE   pixel
	RET
