/* Directories and paths.  A directory is a file of rows, of which the first two are
 * "." and "..".  Called by the calls.
 */

#include "kernel.h"

/* A path taken apart: the directory of its last name, and that name. */
struct place {
	uint32_t directory;
	char name[FILE_NAME_BYTES];
};

/* ---- rows ---------------------------------------------------------------- */

static bool read_row(uint32_t directory, uint32_t at, struct directory_row *row)
{
	return fs_read(directory, at, row, sizeof(*row)) == (int32_t)sizeof(*row);
}

/* The row of a name: its place in the directory, or below 0. */
static int32_t find_row(uint32_t directory, const char *name, struct directory_row *row)
{
	for (uint32_t at = 0; read_row(directory, at, row); at += sizeof(*row))
		if (row->inode && strncmp(row->name, name, sizeof(row->name)) == 0)
			return (int32_t)at;
	return -ENOENT;
}

static int32_t write_row(uint32_t directory, uint32_t at, uint32_t inode, const char *name)
{
	struct directory_row row = { .inode = inode };
	strncpy(row.name, name, sizeof(row.name) - 1);
	int32_t n = fs_write(directory, at, &row, sizeof(row));
	return n == (int32_t)sizeof(row) ? 0 : n < 0 ? n : -ENOSPC;
}

/* In the first free row. */
static int32_t add_row(uint32_t directory, uint32_t inode, const char *name)
{
	struct directory_row row;
	uint32_t at = 0;
	while (read_row(directory, at, &row) && row.inode)
		at += sizeof(row);
	return write_row(directory, at, inode, name);
}

static bool is_directory(uint32_t inode)
{
	struct file_status status;
	fs_status(inode, &status);
	return status.type == TYPE_DIRECTORY;
}

static bool is_empty(uint32_t directory)
{
	struct directory_row row;
	for (uint32_t at = 2 * sizeof(row); read_row(directory, at, &row); at += sizeof(row))
		if (row.inode)
			return false;
	return true;
}

/* ---- paths --------------------------------------------------------------- */

/* The next name of a path; what follows it, or NULL if there is none or it is too long. */
static const char *next_name(const char *path, char name[FILE_NAME_BYTES])
{
	size_t n = 0;
	while (*path == '/')
		path++;
	while (path[n] && path[n] != '/')
		n++;
	if (n == 0 || n >= FILE_NAME_BYTES)
		return NULL;
	memcpy(name, path, n);
	name[n] = '\0';
	return path + n;
}

static bool at_end(const char *path)
{
	while (*path == '/')
		path++;
	return *path == '\0';
}

static int32_t step(const struct where *from, uint32_t directory, const char *name)
{
	struct directory_row row;
	if (!is_directory(directory))
		return -ENOTDIR;
	if (directory == from->root && strcmp(name, "..") == 0)
		return (int32_t)directory;
	int32_t at = find_row(directory, name, &row);
	return at < 0 ? at : (int32_t)row.inode;
}

static int32_t beginning(const struct where *from, const char *path)
{
	return (int32_t)(*path == '/' ? from->root : from->directory);
}

int32_t name_find(const struct where *from, const char *path)
{
	char name[FILE_NAME_BYTES];
	int32_t inode = beginning(from, path);
	if (*path == '\0')
		return -ENOENT;
	while (inode > 0 && !at_end(path)) {
		path = next_name(path, name);
		if (!path)
			return -ENAMETOOLONG;
		inode = step(from, (uint32_t)inode, name);
	}
	return inode;
}

/* Everything but the last name must exist. */
static int32_t find_place(const struct where *from, const char *path, struct place *place)
{
	int32_t inode = beginning(from, path);
	for (;;) {
		path = next_name(path, place->name);
		if (!path)
			return -ENOENT;
		if (!is_directory((uint32_t)inode))
			return -ENOTDIR;
		place->directory = (uint32_t)inode;
		if (at_end(path))
			return 0;
		inode = step(from, (uint32_t)inode, place->name);
		if (inode < 0)
			return inode;
	}
}

/* ---- made, linked, taken away -------------------------------------------- */

int32_t name_fill(uint32_t inode, uint32_t parent)
{
	int32_t error = add_row(inode, inode, ".");
	if (!error)
		error = add_row(inode, parent, "..");
	fs_count_link(inode, 1);
	fs_count_link(parent, 1);
	return error;
}

int32_t name_make(const struct where *from, const char *path, enum file_type type)
{
	struct place place;
	struct directory_row row;
	int32_t error = find_place(from, path, &place);
	if (error)
		return error;
	if (find_row(place.directory, place.name, &row) >= 0)
		return -EEXIST;
	int32_t inode = fs_new(type);
	if (inode < 0)
		return inode;
	fs_count_link((uint32_t)inode, 1);
	error = add_row(place.directory, (uint32_t)inode, place.name);
	if (!error && type == TYPE_DIRECTORY)
		error = name_fill((uint32_t)inode, place.directory);
	return error ? error : inode;
}

int32_t name_link(const struct where *from, const char *path, const char *new)
{
	struct place place;
	struct directory_row row;
	int32_t inode = name_find(from, path);
	int32_t error = inode < 0 ? inode : find_place(from, new, &place);
	if (error < 0)
		return error;
	if (is_directory((uint32_t)inode))
		return -EPERM;
	if (find_row(place.directory, place.name, &row) >= 0)
		return -EEXIST;
	fs_count_link((uint32_t)inode, 1);
	return add_row(place.directory, (uint32_t)inode, place.name);
}

/* Takes away a row.  An empty directory goes with the names inside it. */
static void remove_row(const struct place *place, uint32_t at, uint32_t inode)
{
	write_row(place->directory, at, 0, "");
	fs_count_link(inode, -1);
	if (is_directory(inode)) {
		fs_count_link(inode, -1);
		fs_count_link(place->directory, -1);
	}
	fs_drop(inode);
}

static bool is_dots(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

static bool somebody_is_in(uint32_t directory)
{
	for (struct process *p = processes; p < processes + PROCESSES; p++)
		if (p->state != PROCESS_NONE && (p->where.directory == directory || p->where.root == directory))
			return true;
	return false;
}

int32_t name_unlink(const struct where *from, const char *path)
{
	struct place place;
	struct directory_row row;
	int32_t error = find_place(from, path, &place);
	if (error)
		return error;
	int32_t at = find_row(place.directory, place.name, &row);
	if (at < 0)
		return at;
	if (is_dots(place.name))
		return -EINVAL;
	if (is_directory(row.inode) && !is_empty(row.inode))
		return -ENOTEMPTY;
	if (is_directory(row.inode) && somebody_is_in(row.inode))
		return -EBUSY;
	remove_row(&place, (uint32_t)at, row.inode);
	return 0;
}

/* Files only: a directory's ".." would have to change, and could come to be inside
 * itself. */
int32_t name_rename(const struct where *from, const char *path, const char *new)
{
	struct place old, to;
	struct directory_row row, there;
	int32_t error = find_place(from, path, &old);
	if (!error)
		error = find_place(from, new, &to);
	if (error)
		return error;
	int32_t at = find_row(old.directory, old.name, &row), over = find_row(to.directory, to.name, &there);
	if (at < 0)
		return at;
	if (is_directory(row.inode) || (over >= 0 && is_directory(there.inode)))
		return -EISDIR;
	if (over >= 0 && there.inode == row.inode)
		return 0;
	if (over >= 0)
		remove_row(&to, (uint32_t)over, there.inode);
	error = add_row(to.directory, row.inode, to.name);
	if (!error)
		error = write_row(old.directory, (uint32_t)at, 0, "");
	return error;
}
