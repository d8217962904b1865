/* Each of many console lines is there, written to, asked and armed; the line after the last is
 * not.
 */
// lines: 12
// input: "x"
// expect-exit: 0
// expect-output: "line 0\nlines: 78 checks, 0 failed, digest 4f91e9f6\n"
#include "world.h"

enum { LINES = 12 };

static enum condition command(uint32_t command, unsigned line, const char *text, uint32_t n, uint32_t *result)
{
	struct command_block block = { DEVICE_CONSOLE, command, line, (uint32_t)(uintptr_t)text, n, 0 };
	enum condition cc = sio(&block);
	*result = block.result;
	return cc;
}

static void test_line(unsigned line)
{
	char text[] = "line  ";
	uint32_t result;
	text[5] = (char)('0' + line);
	text[6] = '\n';
	enum condition is = line < LINES ? CC_DONE : CC_REFUSED;
	check_equal(command(CONSOLE_WRITE, line, text, sizeof(text), &result), is, "write");
	check_equal(result, is == CC_DONE ? sizeof(text) : 0, "bytes written");
	check_equal(command(CONSOLE_QUERY, line, NULL, 0, &result), is, "query");
	check_equal(result, line == 0, "bytes waiting");
	check_equal(command(CONSOLE_ARM, line, NULL, 0, &result), is, "arm");
	check_equal(command(CONSOLE_DISARM, line, NULL, 0, &result), is, "disarm");
}

int main(void)
{
	for (unsigned line = 0; line <= LINES; line++)
		test_line(line);
	print("lines: ");
	return check_report();
}
