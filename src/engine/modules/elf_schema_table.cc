// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/all_modules.h"
#include "engine/modules/elf_module.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

constexpr Field kSection[] = {
    IntField("type"),    IntField("flags"), IntField("address"),
    StringField("name"), IntField("size"),  IntField("offset"),
};

constexpr Field kSegment[] = {
    IntField("type"),
    IntField("flags"),
    IntField("offset"),
    IntField("virtual_address"),
    IntField("physical_address"),
    IntField("file_size"),
    IntField("memory_size"),
    IntField("alignment"),
};

constexpr Field kDynamic[] = {IntField("type"), IntField("val")};

constexpr Field kSymbol[] = {
    StringField("name"), IntField("value"), IntField("size"),
    IntField("type"),    IntField("bind"),  IntField("shndx"),
};

constexpr Overload kImportMd5[] = {{"", Type::kString, ElfImportMd5}};
constexpr Overload kTelfhash[] = {{"", Type::kString, ElfTelfhash}};

// In the order of ElfField, then what is the same for every object.
constexpr Field kFields[] = {
    IntField("type"),
    IntField("machine"),
    IntField("entry_point"),
    IntField("number_of_sections"),
    IntField("sh_offset"),
    IntField("sh_entry_size"),
    IntField("number_of_segments"),
    IntField("ph_offset"),
    IntField("ph_entry_size"),
    StructArrayField("sections", kSection),
    StructArrayField("segments", kSegment),
    IntField("dynamic_section_entries"),
    StructArrayField("dynamic", kDynamic),
    IntField("symtab_entries"),
    StructArrayField("symtab", kSymbol),
    IntField("dynsym_entries"),
    StructArrayField("dynsym", kSymbol),
    FunctionField("import_md5", kImportMd5),
    FunctionField("telfhash", kTelfhash),
    IntConstant("ET_NONE", 0),
    IntConstant("ET_REL", 1),
    IntConstant("ET_EXEC", 2),
    IntConstant("ET_DYN", 3),
    IntConstant("ET_CORE", 4),
    IntConstant("EM_NONE", 0),
    IntConstant("EM_M32", 1),
    IntConstant("EM_SPARC", 2),
    IntConstant("EM_386", 3),
    IntConstant("EM_68K", 4),
    IntConstant("EM_88K", 5),
    IntConstant("EM_860", 7),
    IntConstant("EM_MIPS", 8),
    IntConstant("EM_MIPS_RS3_LE", 10),
    IntConstant("EM_PPC", 20),
    IntConstant("EM_PPC64", 21),
    IntConstant("EM_ARM", 40),
    IntConstant("EM_X86_64", 62),
    IntConstant("EM_AARCH64", 183),
    IntConstant("SHT_NULL", 0),
    IntConstant("SHT_PROGBITS", 1),
    IntConstant("SHT_SYMTAB", 2),
    IntConstant("SHT_STRTAB", 3),
    IntConstant("SHT_RELA", 4),
    IntConstant("SHT_HASH", 5),
    IntConstant("SHT_DYNAMIC", 6),
    IntConstant("SHT_NOTE", 7),
    IntConstant("SHT_NOBITS", 8),
    IntConstant("SHT_REL", 9),
    IntConstant("SHT_SHLIB", 10),
    IntConstant("SHT_DYNSYM", 11),
    IntConstant("SHF_WRITE", 1),
    IntConstant("SHF_ALLOC", 2),
    IntConstant("SHF_EXECINSTR", 4),
    IntConstant("PT_NULL", 0),
    IntConstant("PT_LOAD", 1),
    IntConstant("PT_DYNAMIC", 2),
    IntConstant("PT_INTERP", 3),
    IntConstant("PT_NOTE", 4),
    IntConstant("PT_SHLIB", 5),
    IntConstant("PT_PHDR", 6),
    IntConstant("PT_TLS", 7),
    IntConstant("PT_GNU_EH_FRAME", 0x6474e550),
    IntConstant("PT_GNU_STACK", 0x6474e551),
    IntConstant("DT_NULL", 0),
    IntConstant("DT_NEEDED", 1),
    IntConstant("DT_PLTRELSZ", 2),
    IntConstant("DT_PLTGOT", 3),
    IntConstant("DT_HASH", 4),
    IntConstant("DT_STRTAB", 5),
    IntConstant("DT_SYMTAB", 6),
    IntConstant("DT_RELA", 7),
    IntConstant("DT_RELASZ", 8),
    IntConstant("DT_RELAENT", 9),
    IntConstant("DT_STRSZ", 10),
    IntConstant("DT_SYMENT", 11),
    IntConstant("DT_INIT", 12),
    IntConstant("DT_FINI", 13),
    IntConstant("DT_SONAME", 14),
    IntConstant("DT_RPATH", 15),
    IntConstant("DT_SYMBOLIC", 16),
    IntConstant("DT_REL", 17),
    IntConstant("DT_RELSZ", 18),
    IntConstant("DT_RELENT", 19),
    IntConstant("DT_PLTREL", 20),
    IntConstant("DT_DEBUG", 21),
    IntConstant("DT_TEXTREL", 22),
    IntConstant("DT_JMPREL", 23),
    IntConstant("DT_BIND_NOW", 24),
    IntConstant("DT_INIT_ARRAY", 25),
    IntConstant("DT_FINI_ARRAY", 26),
    IntConstant("DT_INIT_ARRAYSZ", 27),
    IntConstant("DT_FINI_ARRAYSZ", 28),
    IntConstant("DT_RUNPATH", 29),
    IntConstant("DT_FLAGS", 30),
    IntConstant("DT_ENCODING", 32),
    IntConstant("STT_NOTYPE", 0),
    IntConstant("STT_OBJECT", 1),
    IntConstant("STT_FUNC", 2),
    IntConstant("STT_SECTION", 3),
    IntConstant("STT_FILE", 4),
    IntConstant("STT_COMMON", 5),
    IntConstant("STT_TLS", 6),
    IntConstant("STB_LOCAL", 0),
    IntConstant("STB_GLOBAL", 1),
    IntConstant("STB_WEAK", 2),
    IntConstant("PF_X", 1),
    IntConstant("PF_W", 2),
    IntConstant("PF_R", 4),
};

}  // namespace

const Module kElfModule = {"elf", kFields, BuildElf};

}  // namespace vitrine::engine::modules
