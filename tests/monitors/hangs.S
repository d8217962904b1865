/* A monitor that never gets to its guest. */
#include "monitor.h"
start:	j	start
table:	.skip	256
