/* The shortest guest: a line on the console.
 */
// expect-exit: 0
// expect-output: "Hello from inside.\n"
#include "droste.h"

int main(void)
{
	print("Hello from inside.\n");
	return 0;
}
