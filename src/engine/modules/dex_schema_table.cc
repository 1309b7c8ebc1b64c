// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/all_modules.h"
#include "engine/modules/dex_module.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

using std::literals::string_view_literals::operator""sv;

constexpr Field kHeader[] = {
    StringField("magic"),          IntField("checksum"),
    StringField("signature"),      IntField("file_size"),
    IntField("header_size"),       IntField("endian_tag"),
    IntField("link_size"),         IntField("link_offset"),
    IntField("map_offset"),        IntField("string_ids_size"),
    IntField("string_ids_offset"), IntField("type_ids_size"),
    IntField("type_ids_offset"),   IntField("proto_ids_size"),
    IntField("proto_ids_offset"),  IntField("field_ids_size"),
    IntField("field_ids_offset"),  IntField("method_ids_size"),
    IntField("method_ids_offset"), IntField("class_defs_size"),
    IntField("class_defs_offset"), IntField("data_size"),
    IntField("data_offset"),
};

constexpr Field kStringId[] = {IntField("offset"), IntField("size"),
                               StringField("value")};
constexpr Field kTypeId[] = {IntField("descriptor_idx")};
constexpr Field kProtoId[] = {IntField("shorty_idx"),
                              IntField("return_type_idx"),
                              IntField("parameters_offset")};
constexpr Field kFieldId[] = {IntField("class_idx"), IntField("type_idx"),
                              IntField("name_idx")};
constexpr Field kMethodId[] = {IntField("class_idx"), IntField("proto_idx"),
                               IntField("name_idx")};
constexpr Field kClassDef[] = {
    IntField("class_idx"),         IntField("access_flags"),
    IntField("super_class_idx"),   IntField("interfaces_offset"),
    IntField("source_file_idx"),   IntField("annotations_offset"),
    IntField("class_data_offset"), IntField("static_values_offset"),
};
constexpr Field kClassData[] = {
    IntField("static_fields_size"), IntField("instance_fields_size"),
    IntField("direct_methods_size"), IntField("virtual_methods_size")};
constexpr Field kMapItem[] = {IntField("type"), IntField("unused"),
                              IntField("size"), IntField("offset")};
constexpr Field kMap[] = {IntField("size"),
                          StructArrayField("map_item", kMapItem)};
constexpr Field kField[] = {
    StringField("class_name"), StringField("name"),  StringField("proto"),
    IntField("static"),        IntField("instance"), IntField("field_idx_diff"),
    IntField("access_flags"),
};
constexpr Field kCode[] = {
    IntField("registers_size"), IntField("ins_size"),
    IntField("outs_size"),      IntField("tries_size"),
    IntField("debug_info_off"), IntField("insns_size"),
    StringField("insns"),
};
constexpr Field kMethod[] = {
    StringField("class_name"),
    StringField("name"),
    StringField("proto"),
    IntField("direct"),
    IntField("virtual"),
    IntField("method_idx_diff"),
    IntField("access_flags"),
    IntField("code_off"),
    StructField("code_item", kCode),
};

constexpr Overload kHasMethod[] = {
    {"s", Type::kInt, DexHasMethod},
    {"ss", Type::kInt, DexHasMethodOfClass},
    {"r", Type::kInt, DexHasMethodLike},
    {"rr", Type::kInt, DexHasMethodOfClassLike},
};
constexpr Overload kHasClass[] = {
    {"s", Type::kInt, DexHasClass},
    {"r", Type::kInt, DexHasClassLike},
};

// In the order of DexField, then what is the same for every object.
constexpr Field kFields[] = {
    StructField("header", kHeader),
    StructArrayField("string_ids", kStringId),
    StructArrayField("type_ids", kTypeId),
    StructArrayField("proto_ids", kProtoId),
    StructArrayField("field_ids", kFieldId),
    StructArrayField("method_ids", kMethodId),
    StructArrayField("class_defs", kClassDef),
    StructArrayField("class_data_item", kClassData),
    StructField("map_list", kMap),
    IntField("number_of_fields"),
    StructArrayField("field", kField),
    IntField("number_of_methods"),
    StructArrayField("method", kMethod),
    FunctionField("has_method", kHasMethod),
    FunctionField("has_class", kHasClass),
    StringConstant("DEX_FILE_MAGIC_035", "dex\n035\0"sv),
    StringConstant("DEX_FILE_MAGIC_036", "dex\n036\0"sv),
    StringConstant("DEX_FILE_MAGIC_037", "dex\n037\0"sv),
    StringConstant("DEX_FILE_MAGIC_038", "dex\n038\0"sv),
    StringConstant("DEX_FILE_MAGIC_039", "dex\n039\0"sv),
    IntConstant("ENDIAN_CONSTANT", 0x12345678),
    IntConstant("REVERSE_ENDIAN_CONSTANT", 0x78563412),
    IntConstant("NO_INDEX", 0xffffffff),
    IntConstant("ACC_PUBLIC", 1),
    IntConstant("ACC_PRIVATE", 2),
    IntConstant("ACC_PROTECTED", 4),
    IntConstant("ACC_STATIC", 8),
    IntConstant("ACC_FINAL", 16),
    IntConstant("ACC_SYNCHRONIZED", 32),
    IntConstant("ACC_VOLATILE", 64),
    IntConstant("ACC_BRIDGE", 64),
    IntConstant("ACC_TRANSIENT", 128),
    IntConstant("ACC_VARARGS", 128),
    IntConstant("ACC_NATIVE", 0x100),
    IntConstant("ACC_INTERFACE", 0x200),
    IntConstant("ACC_ABSTRACT", 0x400),
    IntConstant("ACC_STRICT", 0x800),
    IntConstant("ACC_SYNTHETIC", 0x1000),
    IntConstant("ACC_ANNOTATION", 0x2000),
    IntConstant("ACC_ENUM", 0x4000),
    IntConstant("ACC_CONSTRUCTOR", 0x10000),
    IntConstant("ACC_DECLARED_SYNCHRONIZED", 0x20000),
    IntConstant("TYPE_HEADER_ITEM", 0),
    IntConstant("TYPE_STRING_ID_ITEM", 1),
    IntConstant("TYPE_TYPE_ID_ITEM", 2),
    IntConstant("TYPE_PROTO_ID_ITEM", 3),
    IntConstant("TYPE_FIELD_ID_ITEM", 4),
    IntConstant("TYPE_METHOD_ID_ITEM", 5),
    IntConstant("TYPE_CLASS_DEF_ITEM", 6),
    IntConstant("TYPE_CALL_SITE_ID_ITEM", 7),
    IntConstant("TYPE_METHOD_HANDLE_ITEM", 8),
    IntConstant("TYPE_MAP_LIST", 0x1000),
    IntConstant("TYPE_TYPE_LIST", 0x1001),
    IntConstant("TYPE_ANNOTATION_SET_REF_LIST", 0x1002),
    IntConstant("TYPE_ANNOTATION_SET_ITEM", 0x1003),
    IntConstant("TYPE_CLASS_DATA_ITEM", 0x2000),
    IntConstant("TYPE_CODE_ITEM", 0x2001),
    IntConstant("TYPE_STRING_DATA_ITEM", 0x2002),
    IntConstant("TYPE_DEBUG_INFO_ITEM", 0x2003),
    IntConstant("TYPE_ANNOTATION_ITEM", 0x2004),
    IntConstant("TYPE_ENCODED_ARRAY_ITEM", 0x2005),
    IntConstant("TYPE_ANNOTATIONS_DIRECTORY_ITEM", 0x2006),
};

}  // namespace

const Module kDexModule = {"dex", kFields, BuildDex};

}  // namespace vitrine::engine::modules
