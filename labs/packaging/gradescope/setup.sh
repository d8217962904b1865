#!/bin/sh
# Gradescope runs this once, as root, when it makes the autograder's image: droste is built from
# the sources beside it, and installed.
set -eu

cd /autograder/source
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends make ca-certificates
tar -xzf droste.tar.gz
cd droste
make deps
make -s -j"$(nproc)" all
make -s install PREFIX=/usr/local
cd ..
rm -rf droste droste.tar.gz
chmod -R go-rwx /autograder/source
