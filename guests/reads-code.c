/* A program that reads its own code, as a check for damage or a debugger does: it would see
 * what a monitor has put in the place of an instruction.
 */
// expect-output: "the code is as it was written\n"
#include "droste.h"

__asm__(".text\n"
        "code:	rdst	a0\n"
        "	ret\n");
extern const volatile uint32_t code[];

#define RDST_A0 0x0A00450B /* not a constant in storage, where it might be taken for code */

int main(void)
{
	bool same = code[0] == RDST_A0;
	print(same ? "the code is as it was written\n" : "somebody has changed the code\n");
	return !same;
}
