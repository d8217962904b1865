# What a program is linked with: its header, and for every call that it uses (the linker drops the
# others) an import and a jump through it.  Words count from the beginning of the file, so that it can
# stand anywhere.
.section .header, "a"
.global image
image:
	.word 0x31475250, file_end - image, image_end - image
	.word begin - image, imports - image, imports_end - image

#define CALL(result, call, arguments, does)      \
	.section .text.call, "ax";               \
	.global call;                            \
	call:                                    \
	auipc	t0, %pcrel_hi(import_##call + 4); \
	lw	t0, %pcrel_lo(call)(t0);         \
	jr	t0;                              \
	.section .imports.call, "aw";            \
	import_##call:                           \
	.word name_##call - image, 0;            \
	.section .rodata.call, "a";              \
	name_##call: .asciz #call;
#define OWN(result, call, arguments, does) CALL(result, call, arguments, does)
#include "calls.def"
