/* gdb's connections.  See gdb_server.h. */

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gdb_server.h"
#include "gdb_target.h"

/* ---- listening ----------------------------------------------------------- */

/* ADDRESS:PORT in its parts; brackets are for addresses with colons. */
static bool split(const char *where, char *address, size_t n, const char **port)
{
	const char *colon = strrchr(where, ':');
	*port = colon ? colon + 1 : where;
	size_t length = colon ? (size_t)(colon - where) : 0;
	if (length > 1 && where[0] == '[' && where[length - 1] == ']') {
		where++;
		length -= 2;
	}
	if (length >= n || !**port)
		return false;
	memcpy(address, where, length);
	address[length] = '\0';
	return true;
}

static int listen_at(const struct addrinfo *info)
{
	const int yes = 1;
	int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, info->ai_protocol);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, 1) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void name_socket(int fd, char *at, size_t n)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "?", port[16] = "?";
	if (getsockname(fd, (struct sockaddr *)&address, &size) == 0)
		getnameinfo((struct sockaddr *)&address, size, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(at, n, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

int gdb_listen(const char *where, char *at, size_t n, struct refusal *why)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *info;
	char address[256];
	const char *port;
	if (!split(where, address, sizeof(address), &port)) {
		refuse(why, "give ADDRESS:PORT, or a port alone for this machine only");
		return -1;
	}
	int error = getaddrinfo(address[0] ? address : "127.0.0.1", port, &hints, &info);
	if (error != 0) {
		refuse(why, "%s: give ADDRESS:PORT, or a port alone for this machine only", gai_strerror(error));
		return -1;
	}
	int fd = listen_at(info);
	if (fd < 0)
		refuse(why, "cannot listen: %s", strerror(errno));
	else
		name_socket(fd, at, n);
	freeaddrinfo(info);
	return fd;
}

int gdb_accept(int listening)
{
	const int yes = 1;
	int fd;
	do
		fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	return fd;
}

/* ---- serving ------------------------------------------------------------- */

struct connection {
	int in, out;
	bool ended;
	struct gdb_link link;
	struct gdb_target target;
	struct gdb_text answer;
};

static void send_all(void *self, const void *bytes, size_t n)
{
	struct connection *c = self;
	const uint8_t *from = bytes;
	while (n > 0 && !c->ended) {
		ssize_t done = write(c->out, from, n);
		if (done > 0) {
			from += done;
			n -= (size_t)done;
		} else if (done == 0 || errno != EINTR) {
			c->ended = true;
		}
	}
}

static void say(void *self, const struct gdb_text *text)
{
	struct connection *c = self;
	gdb_link_send(&c->link, text);
}

/* One byte, at once or never: packets are short, and the last byte of one may be followed by
 * a Ctrl-C that is for the motion it begins. */
static bool hear(struct connection *c, bool wait, uint8_t *byte)
{
	struct pollfd ready = { .fd = c->in, .events = POLLIN };
	if (c->ended || (!wait && poll(&ready, 1, 0) <= 0))
		return false;
	ssize_t n;
	do
		n = read(c->in, byte, 1);
	while (n < 0 && errno == EINTR);
	c->ended = n <= 0;
	return n == 1;
}

/* While the machine runs gdb says nothing but Ctrl-C, or goes. */
static bool asked(void *self)
{
	struct connection *c = self;
	uint8_t byte;
	while (hear(c, false, &byte))
		if (gdb_link_take(&c->link, byte) == GDB_INTERRUPT)
			return true;
	return c->ended;
}

static void on_progress(void *self, uint64_t steps, uint64_t to)
{
	struct connection *c = self;
	(void)steps;
	(void)to;
	if (c->target.forwards)
		gdb_say_output(&c->target);
	if (asked(c))
		session_interrupt(c->target.inspector->session);
}

/* Returns false if there is no more to say. */
static bool reply(struct connection *c)
{
	c->answer.n = 0;
	c->answer.full = false;
	enum gdb_after after = gdb_target_do(&c->target, c->link.packet, c->link.n, &c->answer);
	if (after == GDB_HANG_UP)
		return false;
	gdb_link_send(&c->link, &c->answer);
	c->link.quiet |= after == GDB_BE_QUIET;
	return true;
}

enum gdb_parting gdb_serve(struct inspector *inspector, int in, int out)
{
	struct connection *c = calloc(1, sizeof(*c));
	bool killed = false;
	uint8_t byte;
	if (!c)
		return GDB_GONE;
	c->in = in;
	c->out = out;
	gdb_link_start(&c->link, send_all, c);
	gdb_target_start(&c->target, inspector);
	c->target.self = c;
	c->target.say = say;
	c->target.asked = asked;
	session_on_progress(inspector->session, on_progress, c);
	while (!killed && hear(c, true, &byte))
		if (gdb_link_take(&c->link, byte) == GDB_PACKET)
			killed = !reply(c);
	gdb_target_leave(&c->target);
	session_on_progress(inspector->session, NULL, NULL);
	free(c);
	return killed ? GDB_KILLED : GDB_GONE;
}

/* ---- a script ------------------------------------------------------------ */

void gdb_write_script(const struct inspector *inspector, const char *at, FILE *to)
{
	unsigned levels;
	session_levels(inspector->session, &levels);
	fprintf(to,
		"# gdb on every level of a machine that droste serves: gdb-multiarch -x THIS\n"
		"# Levels are inferiors, the real machine is the first: 'inferior 2' looks at level 1.\n"
		"set architecture riscv:rv32\n"
		"# All levels are one machine: whoever goes on, all do.\n"
		"set schedule-multiple on\n"
		"# What a command of the inspector moved, gdb is to read again.\n"
		"define hookpost-monitor\n"
		"  maintenance flush register-cache\n"
		"  maintenance flush dcache\n"
		"end\n"
		"target extended-remote %s\n", at);
	fprintf(to, "attach 1\n");
	for (unsigned i = 2; i <= levels; i++)
		fprintf(to, "add-inferior\ninferior %u\nattach %u\n", i, i);
	if (inspector->level + 1 < levels)
		fprintf(to, "inferior %u\n", inspector->level + 1);
}
