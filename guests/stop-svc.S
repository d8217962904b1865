/* A supervisor call whose new PSW lets an attention in that is pending: no instruction has
 * completed since the trap, so the machine stops.
 */
// input: "x"
// expect-end: check-stop
#include "stop.h"
	ecall
