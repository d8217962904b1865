/* HALT takes the low byte of its operand for the exit code. */
// expect-exit: 7
#include "droste.h"

int main(void) { halt(0x12345607); }
