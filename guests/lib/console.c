/* The console lines, through SIO.  No libc; called by guest programs and by the C
 * library's streams in libc.c.
 */

#include <stdarg.h>

#include "droste.h"

static uint32_t address(const void *at) { return (uint32_t)(uintptr_t)at; }

void console_write(unsigned line, const void *bytes, size_t n)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_WRITE, line, address(bytes), n, 0 };
	sio(&block);
}

size_t console_poll(unsigned line, void *bytes, size_t n)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_READ, line, address(bytes), n, 0 };
	sio(&block);
	return block.result;
}

/* WAIT ends when the line becomes pending, even with interrupts off; disarming it
 * then drops the interrupt, which nobody else is to see. */
static void wait_for_input(unsigned line)
{
	struct command_block arm = { DEVICE_CONSOLE, CONSOLE_ARM, line, 0, 0, 0 };
	struct command_block disarm = { DEVICE_CONSOLE, CONSOLE_DISARM, line, 0, 0, 0 };
	uint32_t mask = ssm(rdst() & STATUS_TE);
	sio(&arm);
	wait_for_interrupt();
	sio(&disarm);
	ssm(mask);
}

size_t console_read(unsigned line, void *bytes, size_t n)
{
	size_t got = console_poll(line, bytes, n);
	while (got == 0 && n > 0) {
		wait_for_input(line);
		got = console_poll(line, bytes, n);
	}
	return got;
}

/* ---- print -------------------------------------------------------------- */

/* Text on its way to line 0. */
struct text {
	char bytes[120];
	size_t n;
};

static void flush(struct text *text)
{
	if (text->n > 0)
		console_write(0, text->bytes, text->n);
	text->n = 0;
}

static void put(struct text *text, char c)
{
	if (text->n == sizeof(text->bytes))
		flush(text);
	text->bytes[text->n++] = c;
}

static void put_string(struct text *text, const char *s)
{
	while (*s)
		put(text, *s++);
}

static void put_number(struct text *text, uint64_t value, unsigned base, int width, char pad)
{
	char digits[20];
	int n = 0;
	do
		digits[n++] = "0123456789abcdef"[value % base];
	while ((value /= base) != 0);
	for (int i = n; i < width; i++)
		put(text, pad);
	while (n > 0)
		put(text, digits[--n]);
}

static void put_signed(struct text *text, int64_t value, int width, char pad)
{
	if (value < 0)
		put(text, '-');
	put_number(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, width, pad);
}

/* The conversion that begins after a '%'; returns what follows it. */
static const char *convert(struct text *text, const char *c, va_list *arguments)
{
	char pad = *c == '0' ? '0' : ' ';
	int width = 0;
	while (*c >= '0' && *c <= '9')
		width = 10 * width + *c++ - '0';
	int longs = 0;
	for (; *c == 'l'; c++)
		longs++;
	bool wide = longs == 2;
	switch (*c) {
	case 'd':
		put_signed(text, wide ? va_arg(*arguments, int64_t) : va_arg(*arguments, int), width, pad);
		break;
	case 'u':
	case 'x':
		put_number(text, wide ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned),
		           *c == 'u' ? 10 : 16, width, pad);
		break;
	case 's': put_string(text, va_arg(*arguments, const char *)); break;
	case 'c': put(text, (char)va_arg(*arguments, int)); break;
	default:  put(text, *c); break;
	}
	return c + 1;
}

void print(const char *format, ...)
{
	struct text text;
	text.n = 0;
	va_list arguments;
	va_start(arguments, format);
	for (const char *c = format; *c;)
		if (*c == '%')
			c = convert(&text, c + 1, &arguments);
		else
			put(&text, *c++);
	va_end(arguments);
	flush(&text);
}
