# Droste.  `make help` lists what can be made; each folder's own rules stand in
# its rules.mk.

CC      ?= gcc
CROSS   ?= riscv64-unknown-elf-
BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1.0

WARNINGS := -Wall -Wextra -Wpedantic -Werror
CFLAGS   ?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -I. -DDROSTE_VERSION='"$(VERSION)"'
HOST_C    = $(CC) -std=c11 $(WARNINGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

.PHONY: all
all:

$(BUILD)/host/%.o: %.c
	@mkdir -p $(@D)
	$(HOST_C) -fPIC -c $< -o $@

include $(wildcard */rules.mk)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
