/* A program of your own: change it as you like.  It is ordinary C, with most of the C library. */

#include <stdio.h>

int main(void)
{
	for (int i = 1; i <= 10; i++)
		printf("%2d squared is %3d\n", i, i * i);
	return 0;
}
