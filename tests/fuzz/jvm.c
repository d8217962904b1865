/* Fuzzing: any bytes to the Java virtual machine of guests/forms, here on the host: as a class
 * file or jar, and what follows as the program's input.  Whatever it is, the machine ends by
 * itself, or is stopped when its time is over; the sanitizers see that it stays within its memory.
 */

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "guests/forms/jvm/jvm.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static sigjmp_buf ended;
static const uint8_t *input;
static size_t left;
static volatile size_t written;

void vm_end(int code)
{
	(void)code;
	siglongjmp(ended, 1);
}

size_t vm_input(void *to, size_t n, bool wait)
{
	(void)wait;
	n = n < left ? n : left;
	memcpy(to, input, n);
	input += n;
	left -= n;
	return n;
}

/* Every byte is looked at, so that one that is not there is noticed. */
void vm_output(const void *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		written += ((const uint8_t *)from)[i];
}

uint64_t vm_clock(void) { return 0; }

static void time_is_over(int signal)
{
	(void)signal;
	siglongjmp(ended, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static uint8_t memory[2 << 20];
	const struct itimerval limit = { .it_value = { .tv_usec = 100000 } }, none = { 0 };
	input = bytes;
	left = size;
	signal(SIGVTALRM, time_is_over);
	if (!sigsetjmp(ended, 1)) {
		setitimer(ITIMER_VIRTUAL, &limit, NULL);
		vm_run(memory, sizeof(memory));
	}
	setitimer(ITIMER_VIRTUAL, &none, NULL);
	return 0;
}
