/* Imports a call that the shim does not know: it never begins there. */

#include "../handles.h"

int main(void)
{
	handle out = StandardHandle(STANDARD_OUTPUT);
	WriteText(out, LockRange(out, 0, 10) ? TEXT("locked\n") : TEXT("not locked\n"));
	return 0;
}
