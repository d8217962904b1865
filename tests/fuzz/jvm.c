/* Fuzzing: any bytes to the Java virtual machine of guests/forms, here on the host: as a class
 * file or jar, and what follows as the program's input.  Whatever it is, the machine ends by
 * itself, or is stopped when its time is over; the sanitizers see that it stays within its memory, and
 * its heap is still one that can be collected.
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

enum { BY_ITSELF = 1, BY_TIME };

void vm_end(int code)
{
	(void)code;
	siglongjmp(ended, BY_ITSELF);
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
	siglongjmp(ended, BY_TIME);
}

/* More than there is room for, so that every block is looked at. */
static void fill_heap(void)
{
	enum { ARRAYS = 40, EACH = 25000 };
	for (int i = 0; vm.heap && i < ARRAYS; i++)
		heap_new(class_named("[I"), EACH);
}

static int run_once(void *memory, size_t size)
{
	const struct itimerval limit = { .it_value = { .tv_usec = 100000 } };
	int end = sigsetjmp(ended, 1);
	if (end == 0) {
		setitimer(ITIMER_VIRTUAL, &limit, NULL);
		vm_run(memory, size);
	}
	return end;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static uint8_t memory[2 << 20];
	const struct itimerval none = { 0 };
	input = bytes;
	left = size;
	signal(SIGVTALRM, time_is_over);
	int end = run_once(memory, sizeof(memory));
	setitimer(ITIMER_VIRTUAL, &none, NULL);
	if (end == BY_ITSELF)
		fill_heap();
	return 0;
}
