/* A monitor that traps before it has set up anything: its machine ends in check-stop. */
#include "monitor.h"
start:	addi	x1, x0, 1
	sw	x0, 0x2C(x0)	/* nothing can be fetched under the new PSW */
	ebreak
table:	.skip	256
