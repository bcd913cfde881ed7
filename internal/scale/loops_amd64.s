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
	SHRQ $6, CX

columns64:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	MOVQ   SI, R10
	MOVQ   R9, R11
	MOVQ   R8, DX

row:
	VBROADCASTSS (R11), Y8
	VFMADD231PS  (R10), Y8, Y0
	VFMADD231PS  32(R10), Y8, Y1
	VFMADD231PS  64(R10), Y8, Y2
	VFMADD231PS  96(R10), Y8, Y3
	VFMADD231PS  128(R10), Y8, Y4
	VFMADD231PS  160(R10), Y8, Y5
	VFMADD231PS  192(R10), Y8, Y6
	VFMADD231PS  224(R10), Y8, Y7
	ADDQ         $512, R10                // block
	ADDQ         $4, R11
	DECQ         DX
	JNZ          row

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VMOVUPS Y4, 128(DI)
	VMOVUPS Y5, 160(DI)
	VMOVUPS Y6, 192(DI)
	VMOVUPS Y7, 224(DI)
	ADDQ    $256, DI
	ADDQ    $256, SI
	DECQ    CX
	JNZ     columns64
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

// Which of four weights belongs to each of eight samples, of the first two
// pixels and of the next two; where the second pixel lies among eight samples.
DATA pixels01<>+0(SB)/8, $0x0000000000000000
DATA pixels01<>+8(SB)/8, $0x0000000100000000
DATA pixels01<>+16(SB)/8, $0x0000000100000001
DATA pixels01<>+24(SB)/8, $0x0000000100000001
GLOBL pixels01<>(SB), RODATA|NOPTR, $32
DATA pixels23<>+0(SB)/8, $0x0000000200000002
DATA pixels23<>+8(SB)/8, $0x0000000300000002
DATA pixels23<>+16(SB)/8, $0x0000000300000003
DATA pixels23<>+24(SB)/8, $0x0000000300000003
GLOBL pixels23<>(SB), RODATA|NOPTR, $32
DATA second<>+0(SB)/8, $0x0000000400000003
DATA second<>+8(SB)/8, $0x0000000600000005
DATA second<>+16(SB)/8, $0x0000000000000000
DATA second<>+24(SB)/8, $0x0000000000000000
GLOBL second<>(SB), RODATA|NOPTR, $32

// func across3AVX2(out, line []float32, first []int32, weights []float32, taps int)
TEXT ·across3AVX2(SB), NOSPLIT, $0-104
	MOVQ    out_base+0(FP), DI
	MOVQ    line_base+24(FP), SI
	MOVQ    first_base+48(FP), R8
	MOVQ    first_len+56(FP), CX
	MOVQ    weights_base+72(FP), R9
	MOVQ    taps+96(FP), R10
	SHRQ    $2, R10                 // taps come in fours
	VMOVUPS pixels01<>(SB), Y10
	VMOVUPS pixels23<>(SB), Y11
	VMOVUPS second<>(SB), Y12

pixel3:
	MOVLQSX (R8), R13
	LEAQ    (R13)(R13*2), R13
	LEAQ    (SI)(R13*4), R13
	MOVQ    R10, DX
	VXORPS  Y0, Y0, Y0
	VXORPS  Y1, Y1, Y1

taps4of3:
	VMOVUPS     (R9), X8
	VPERMPS     Y8, Y10, Y4
	VPERMPS     Y8, Y11, Y5
	VFMADD231PS (R13), Y4, Y0
	VFMADD231PS 24(R13), Y5, Y1
	ADDQ        $16, R9
	ADDQ        $48, R13
	DECQ        DX
	JNZ         taps4of3

	VADDPS  Y1, Y0, Y0
	VPERMPS Y0, Y12, Y1
	VADDPS  X1, X0, X0
	VMOVUPS X0, (DI)
	ADDQ    $12, DI
	ADDQ    $4, R8
	DECQ    CX
	JNZ     pixel3
	VZEROUPPER
	RET

// func roundAVX2(to []int32, line []float32, most float32)
TEXT ·roundAVX2(SB), NOSPLIT, $0-52
	MOVQ         to_base+0(FP), DI
	MOVQ         line_base+24(FP), SI
	MOVQ         line_len+32(FP), CX
	VBROADCASTSS most+48(FP), Y2
	VXORPS       Y3, Y3, Y3
	SHRQ         $3, CX

round8:
	VMOVUPS   (SI), Y0
	VMAXPS    Y3, Y0, Y0
	VMINPS    Y2, Y0, Y0
	VCVTPS2DQ Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $32, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       round8
	VZEROUPPER
	RET
