/* Waits for a word, writes one, and ends: rules.c. */

#include "droste.h"

int main(void)
{
	char word[8];
	console_read(1, word, sizeof(word));
	console_write(1, "bye", 3);
	return 0;
}
