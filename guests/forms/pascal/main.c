/* Compiles what is on the input, then runs it with the rest.  See pascal.h. */

#include "pascal.h"

int main(void)
{
	static struct program program;
	compile(&program);
	if (program.list)
		list_code(&program);
	return run(&program);
}
