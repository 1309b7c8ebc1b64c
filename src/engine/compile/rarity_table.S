/* SPDX-License-Identifier: Apache-2.0 */
    .section .rodata
    .balign 64
    .global vitrine_rarity_begin
    .global vitrine_rarity_end
vitrine_rarity_begin:
    .incbin "engine/compile/rarity.bin"
vitrine_rarity_end:
    .section .note.GNU-stack,"",%progbits
