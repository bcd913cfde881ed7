#include "textflag.h"

// The curve's factors in Y8 to Y13, the count of sixteens in CX.
#define ENTER \
	MOVQ         to_base+0(FP), DI;  \
	MOVQ         src_base+24(FP), SI; \
	MOVQ         src_len+32(FP), CX; \
	MOVQ         factor+48(FP), R8;  \
	VBROADCASTSS (R8), Y8;           \
	VBROADCASTSS 4(R8), Y9;          \
	VBROADCASTSS 8(R8), Y10;         \
	VBROADCASTSS 12(R8), Y11;        \
	VBROADCASTSS 16(R8), Y12;        \
	VBROADCASTSS 20(R8), Y13;        \
	SHRQ         $4, CX

// Of sixteen codes Y0 and Y1, and all of the curve but its last product in Y2
// and Y3.
#define CURVE \
	VPMOVZXBD   (SI), Y0;      \
	VPMOVZXBD   8(SI), Y1;     \
	VCVTDQ2PS   Y0, Y0;        \
	VCVTDQ2PS   Y1, Y1;        \
	VMOVAPS     Y13, Y2;       \
	VMOVAPS     Y13, Y3;       \
	VFMADD213PS Y12, Y0, Y2;   \
	VFMADD213PS Y12, Y1, Y3;   \
	VFMADD213PS Y11, Y0, Y2;   \
	VFMADD213PS Y11, Y1, Y3;   \
	VFMADD213PS Y10, Y0, Y2;   \
	VFMADD213PS Y10, Y1, Y3;   \
	VFMADD213PS Y9, Y0, Y2;    \
	VFMADD213PS Y9, Y1, Y3;    \
	VFMADD213PS Y8, Y0, Y2;    \
	VFMADD213PS Y8, Y1, Y3

#define NEXT \
	VMOVUPS Y2, (DI);   \
	VMOVUPS Y3, 32(DI); \
	ADDQ    $16, SI;    \
	ADDQ    $64, DI;    \
	DECQ    CX

// func lightenAVX2(to []float32, src []byte, factor *[6]float32)
TEXT ·lightenAVX2(SB), NOSPLIT, $0-56
	ENTER
	JZ lightened

lighten16:
	CURVE
	VMULPS Y0, Y2, Y2
	VMULPS Y1, Y3, Y3
	NEXT
	JNZ    lighten16

lightened:
	VZEROUPPER
	RET

// func brightenAVX2(to []float32, src []byte, factor *[6]float32)
TEXT ·brightenAVX2(SB), NOSPLIT, $0-56
	ENTER
	JZ brightened

brighten16:
	CURVE
	VFMADD213PS (DI), Y0, Y2
	VFMADD213PS 32(DI), Y1, Y3
	NEXT
	JNZ         brighten16

brightened:
	VZEROUPPER
	RET

// func weighAVX2(out, rows, weights []float32)
TEXT ·weighAVX2(SB), NOSPLIT, $0-72
	MOVQ out_base+0(FP), DI
	MOVQ out_len+8(FP), CX
	MOVQ rows_base+24(FP), SI
	MOVQ weights_base+48(FP), R9
	MOVQ weights_len+56(FP), R8
	SHRQ $5, CX

columns32:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	MOVQ   SI, R10
	MOVQ   R9, R11
	MOVQ   R8, DX

row:
	VBROADCASTSS (R11), Y4
	VFMADD231PS  (R10), Y4, Y0
	VFMADD231PS  32(R10), Y4, Y1
	VFMADD231PS  64(R10), Y4, Y2
	VFMADD231PS  96(R10), Y4, Y3
	ADDQ         $512, R10               // block
	ADDQ         $4, R11
	DECQ         DX
	JNZ          row

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	DECQ    CX
	JNZ     columns32
	VZEROUPPER
	RET

// func acrossAVX2(out, line []float32, first []int32, weights []float32, taps, bands int)
TEXT ·acrossAVX2(SB), NOSPLIT, $0-112
	MOVQ out_base+0(FP), DI
	MOVQ line_base+24(FP), SI
	MOVQ first_base+48(FP), R8
	MOVQ first_len+56(FP), CX
	MOVQ weights_base+72(FP), R9
	MOVQ taps+96(FP), R10
	MOVQ bands+104(FP), R11
	SHLQ $2, R11               // bytes of a pixel
	LEAQ (R11)(R11*2), R12
	SHRQ $2, R10               // taps come in fours

pixel:
	MOVLQSX (R8), R13
	IMULQ   R11, R13
	ADDQ    SI, R13
	MOVQ    R10, DX
	VXORPS  X0, X0, X0
	VXORPS  X1, X1, X1
	VXORPS  X2, X2, X2
	VXORPS  X3, X3, X3

taps4:
	VBROADCASTSS (R9), X4
	VBROADCASTSS 4(R9), X5
	VBROADCASTSS 8(R9), X6
	VBROADCASTSS 12(R9), X7
	VFMADD231PS  (R13), X4, X0
	VFMADD231PS  (R13)(R11*1), X5, X1
	VFMADD231PS  (R13)(R11*2), X6, X2
	VFMADD231PS  (R13)(R12*1), X7, X3
	ADDQ         $16, R9
	LEAQ         (R13)(R11*4), R13
	DECQ         DX
	JNZ          taps4

	VADDPS  X1, X0, X0
	VADDPS  X3, X2, X2
	VADDPS  X2, X0, X0
	VMOVUPS X0, (DI)
	ADDQ    R11, DI
	ADDQ    $4, R8
	DECQ    CX
	JNZ     pixel
	RET
