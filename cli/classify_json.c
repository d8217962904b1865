/* droste classify --json: every verdict with its witness, and the theorems. */

#include "classify.h"
#include "inspector/json.h"

#include <jansson.h>
#include <stdio.h>

static const char *const extents[] = {
	[EXTENT_NONE] = "no", [EXTENT_OURS] = "ours", [EXTENT_REGISTERS] = "registers", [EXTENT_LETTER] = "letter",
};

static const char *const parts[PARTS] = {
	[PART_NONE] = "none", [PART_STORAGE] = "storage", [PART_PC] = "pc", [PART_M] = "mode", [PART_R] = "r",
	[PART_REGISTER] = "register", [PART_MASK] = "mask", [PART_TIMER] = "timer", [PART_CLOCK] = "clock",
	[PART_DEVICE] = "device", [PART_END] = "end", [PART_TRAP] = "trap", [PART_OUTSIDE] = "outside",
};

static const char *const privileges[] = {
	[PRIVILEGED_NO] = "no", [PRIVILEGED_PARTIALLY] = "partially", [PRIVILEGED_YES] = "yes",
	[PRIVILEGED_UNKNOWN] = "unknown",
};

static json_t *state_json(const struct classify_state *s)
{
	json_t *o = json_object();
	json_object_set_new(o, "word", json_number(s->word));
	json_object_set_new(o, "pc", json_number(s->psw.pc));
	json_object_set_new(o, "status", json_number(s->psw.status));
	json_object_set_new(o, "base", json_number(s->psw.base));
	json_object_set_new(o, "bound", json_number(s->psw.bound));
	json_object_set_new(o, "timer", json_number(s->psw.timer));
	json_object_set_new(o, "clock", json_number(s->clock));
	json_object_set_new(o, "rs1", json_number(s->rs1));
	json_object_set_new(o, "rs2", json_number(s->rs2));
	json_object_set_new(o, "operand", json_string(classify_block_names[s->block]));
	json_object_set_new(o, "pending", json_boolean(s->pending));
	return o;
}

static void add_witness(void *self, const char *key, const char *title, const struct classify_verdict *v)
{
	json_t *witness = json_object(), *difference = json_object();
	(void)title;
	json_object_set_new(difference, "part", json_string(parts[v->difference.part]));
	json_object_set_new(difference, "where", json_number(v->difference.where));
	json_object_set_new(difference, "a", json_number(v->difference.a));
	json_object_set_new(difference, "b", json_number(v->difference.b));
	json_object_set_new(witness, "a", state_json(&v->a));
	json_object_set_new(witness, "b", state_json(&v->b));
	json_object_set_new(witness, "opened", json_boolean(v->opened));
	json_object_set_new(witness, "keeps", json_boolean(v->keeps));
	json_object_set_new(witness, "difference", difference);
	json_object_set_new(self, key, witness);
}

static json_t *verdicts_json(const struct classified *c)
{
	json_t *o = json_object(), *witnesses = json_object();
	json_object_set_new(o, "pairs", json_number(c->pairs));
	json_object_set_new(o, "privileged", json_string(privileges[classify_privilege(c)]));
	for (int p = 0; p < PROPERTIES; p++)
		json_object_set_new(o, classify_property_names[p],
		                    json_string(extents[classify_extent(c, (enum classify_property)p)]));
	json_object_set_new(o, "innocuous", json_boolean(!classify_sensitive(c, EXTENT_OURS)));
	json_object_set_new(o, "user_sensitive", json_boolean(classify_user_sensitive(c, EXTENT_OURS)));
	json_object_set_new(o, "trap_asymmetry", json_boolean(c->asymmetry.extent));
	json_object_set_new(o, "dx_supervisor", json_boolean(!c->dx[0].extent));
	json_object_set_new(o, "dx_user", json_boolean(!c->dx[1].extent));
	each_verdict(c, add_witness, witnesses);
	json_object_set_new(o, "witnesses", witnesses);
	return o;
}

static json_t *insn_json(const struct classification *all, enum insn insn)
{
	json_t *o = verdicts_json(&all->any[insn]), *operands = json_object();
	char name[16];
	json_object_set_new(o, "name", json_string(insn_text(insn, name)));
	for (int kind = 0; kind < OPERAND_CLASSES; kind++)
		if (all->by[insn][kind].pairs > 0)
			json_object_set_new(operands, kind == OPERANDS_DISTINCT ? "distinct" : classify_operand_names[kind],
			                    verdicts_json(&all->by[insn][kind]));
	json_object_set_new(o, "operands", operands);
	return o;
}

/* The instructions that break a theorem; none: it holds. */
static json_t *breakers_json(const struct classification *all, enum classify_theorem theorem, enum classify_extent least)
{
	json_t *list = json_array();
	char name[16];
	for (int insn = 0; insn < INSNS; insn++)
		if (classify_breaks(&all->any[insn], theorem, least))
			json_array_append_new(list, json_string(insn_text((enum insn)insn, name)));
	return list;
}

static json_t *theorem_json(const struct classification *all, enum classify_theorem theorem)
{
	static const struct { const char *key; enum classify_extent least; } readings[] = {
		{ "letter_without_registers", EXTENT_LETTER }, { "letter", EXTENT_REGISTERS }, { "ours", EXTENT_OURS },
	};
	json_t *o = json_object();
	json_object_set_new(o, "name", json_string(classify_theorem_names[theorem]));
	for (size_t i = theorem >= THEOREM_DX ? 2 : 0; i < sizeof(readings) / sizeof(*readings); i++)
		json_object_set_new(o, readings[i].key, breakers_json(all, theorem, readings[i].least));
	return o;
}

static json_t *disagreements_json(const struct classification *all)
{
	json_t *list = json_array();
	char name[16], reason[512];
	for (int theorem = THEOREM_1; theorem <= THEOREM_3; theorem += THEOREM_3 - THEOREM_1)
		for (int insn = 0; insn < INSNS; insn++)
			if (classify_disagree(&all->any[insn], (enum classify_theorem)theorem, reason, sizeof(reason)))
				json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", insn_text((enum insn)insn, name),
				                                      "theorem", classify_theorem_names[theorem], "reason", reason));
	return list;
}

void print_classification_json(const struct classification *all, const bool shown[INSNS])
{
	json_t *document = json_object(), *insns = json_array(), *theorems = json_array();
	json_object_set_new(document, "profile", json_string(all->profile.name));
	json_object_set_new(document, "after", json_string(all->profile.after));
	json_object_set_new(document, "states_run", json_number(all->runs));
	for (int insn = 0; insn < INSNS; insn++)
		if (profile_has(&all->profile, (enum insn)insn) && (!shown || shown[insn]))
			json_array_append_new(insns, insn_json(all, (enum insn)insn));
	for (int theorem = 0; theorem < THEOREMS; theorem++)
		json_array_append_new(theorems, theorem_json(all, (enum classify_theorem)theorem));
	json_object_set_new(document, "instructions", insns);
	json_object_set_new(document, "theorems", theorems);
	json_object_set_new(document, "disagreements", disagreements_json(all));
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
}
