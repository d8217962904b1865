# What lab 7 has beside its monitor: a guest, on a machine like the x86; and the link that has the
# scheduler's callers come through dispatcher.c, and boot's through probe.c.

GUESTS  := paravirtual
PROFILE := --profile pdp10
LINK    := -Wl,--wrap=schedule,--wrap=boot

all: paravirtual.elf

paravirtual.elf: paravirtual.c given/twins.h
	@"$(DROSTE)" cc -O2 -Igiven $< -o $@
