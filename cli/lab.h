/* What the files of `droste lab` share: lab.c parses and prints, lab_tree.c makes students'
 * folders.
 */
#ifndef DROSTE_CLI_LAB_H
#define DROSTE_CLI_LAB_H

#include "grade.h"
#include "properties/lab.h"

/* A lab as it comes with droste. */
struct installed_lab {
	char *folder; /* handout, lab.json, rubric.json and tree/; from malloc */
	struct lab lab;
};

/* ---- lab_tree.c --------------------------------------------------------- */

/* By number.  Close it in any case. */
bool lab_open(struct installed_lab *lab, unsigned number, struct refusal *why);
void lab_close(struct installed_lab *lab);

/* The lab of a folder that lab_new made. */
bool lab_open_of(struct installed_lab *lab, const char *folder, struct refusal *why);

/* A student's tree in a folder, which must not exist yet, or be empty; with the files to hand in
 * that are found in from, if not NULL, in the place of the starter's.  Whole or not at all.
 * taken is how many they were. */
bool lab_new(const struct installed_lab *lab, const char *folder, const char *from, unsigned *taken, struct refusal *why);

/* Copies those of the files to hand in that are in from. */
bool lab_hand_in(const struct lab *lab, const char *from, const char *to, unsigned *taken, struct refusal *why);

/* Removes a folder and all in it. */
void lab_remove(const char *folder);

/* Copies what grading needs of a tree that is built: the files handed in, and those of "made". */
bool lab_collect_files(const struct lab *lab, const char *tree, const char *to, struct refusal *why);

/* Runs make there, what it says going to log, if not NULL.  False if it fails. */
bool lab_make(const char *folder, const char *log, struct refusal *why);

/* ---- lab_tasks.c -------------------------------------------------------- */

/* Explains the tasks that are not passed, and lists those that nothing has been said of yet. */
void lab_put_tasks(const struct lab *lab, const struct grade *grade);

#endif
