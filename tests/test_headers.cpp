// SPDX-License-Identifier: Apache-2.0
// What every program of tests includes is precompiled for this one, and taken over by the others.
int main() {}
