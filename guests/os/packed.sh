#!/bin/sh
# The files that a kernel's image carries, as assembly (kernel/fs.c: packed_files).
# packed.sh FOLDER FILE...: a FILE below FOLDER gets its path there, one of another folder vm /vm/NAME,
# any other /usr/NAME.

folder=$1
shift
echo '.section .rodata; .balign 4; .global packed_files; packed_files:'
n=0
for file; do
	echo ".word path_$n, bytes_$n, end_$n"
	n=$((n + 1))
done
echo '.word 0, 0, 0'
n=0
for file; do
	case $file in
	"$folder"/*) path=${file#"$folder"} ;;
	*/vm/*) path=/vm/${file##*/} ;;
	*) path=/usr/${file##*/} ;;
	esac
	echo "path_$n: .asciz \"$path\""
	echo ".balign 4; bytes_$n: .incbin \"$file\"; end_$n:"
	n=$((n + 1))
done
