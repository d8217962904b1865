/* Fuzzing: any word at any address to the decoder and the disassembler, into a
 * buffer of any size.
 */

#include <stdlib.h>
#include <string.h>

#include "machine/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint32_t word, pc;
	if (size < 9)
		return 0;
	memcpy(&word, bytes, 4);
	memcpy(&pc, bytes + 4, 4);
	size_t room = bytes[8] % 100;
	char *text = malloc(room + 1); /* exactly as large, so that writing on is noticed */
	int n = disassemble(word, pc, text, room);
	enum insn insn = isa_decode(word);
	if (n <= 0 || (room > (size_t)n && strlen(text) != (size_t)n) || insn > INSN_NONE)
		abort();
	if (insn != INSN_NONE && (word & isa_insns[insn].mask) != isa_insns[insn].match)
		abort();
	free(text);
	return 0;
}
