/* Where a starter ends as long as a routine is missing.  See lab.h. */

#include "lab.h"

#include "monitor.h"

void missing(const char *routine)
{
	say(routine, "missing");
	halt_machine(125);
}
