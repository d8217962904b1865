/* What a program for the handle library must not do, in a way that is chosen by a digit on the input.  It shares
 * its process with the loader and both libraries; the rest of the machine is the system's to keep.
 */

#include "../shim/handles.h"

/* Handles that nobody gave out, and as many and as much as there is. */
static void exhaust(void)
{
	handle file;
	uint32_t n, byte = 0;
	for (handle bogus = 0; bogus < 200; bogus++)
		if (bogus != StandardHandle(STANDARD_INPUT) && bogus != StandardHandle(STANDARD_OUTPUT))
			WriteFile(bogus, &n, &byte, 1), CloseHandle(bogus);
	for (int i = 0; i < 200; i++)
		OpenFile(&file, TEXT("\\tmp\\hostile"), ACCESS_WRITE, OPEN_ALWAYS);
	while (Allocate(4096))
		continue;
}

/* All that its process has, from the bottom, where the loader is. */
static void overwrite(void)
{
	for (uint32_t at = 0;; at += 4)
		*(volatile uint32_t *)(uintptr_t)at = 0xFFFFFFFF;
}

static void write_text_of_nothing(void)
{
	const struct text far = { 0x7FFFFFFF, (const uint16_t *)(uintptr_t)0xFFFFFF00 };
	WriteText(StandardHandle(STANDARD_OUTPUT), &far);
}

int main(void)
{
	uint8_t way = 0;
	uint32_t n;
	ReadFile(StandardHandle(STANDARD_INPUT), &n, &way, 1);
	switch (way) {
	case '1': exhaust(); break;
	case '2': overwrite(); break;
	case '3': write_text_of_nothing(); break;
	default: *(volatile uint32_t *)(uintptr_t)0xFFFFFFF0 = 1; break;
	}
	return 0;
}
