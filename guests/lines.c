/* Several console lines: how many there are, that each takes what is written to it,
 * and that there is none after the last.
 */
// lines: 3
// expect-output: "this is line 0 of 3\n"
#include "droste.h"

static enum condition query(uint32_t line)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_QUERY, line, 0, 0, 0 };
	return sio(&block);
}

int main(void)
{
	uint32_t lines = 0;
	while (query(lines) == CC_DONE)
		lines++;
	char text[] = "this is line 0 of 0\n";
	text[18] = (char)('0' + lines);
	for (uint32_t line = 0; line < lines; line++) {
		text[13] = (char)('0' + line);
		console_write(line, text, sizeof(text) - 1);
	}
	text[0] = '?';
	console_write(lines, text, sizeof(text) - 1);
	console_write(0xFFFFFFFF, text, sizeof(text) - 1);
	return 0;
}
