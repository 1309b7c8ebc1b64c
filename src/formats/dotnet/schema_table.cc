// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/schema_table.h"

namespace vitrine::dotnet {
namespace {

using enum Table;

constexpr uint8_t Of(Table table) { return static_cast<uint8_t>(table); }

constexpr Table kTypeDefOrRefTables[] = {kTypeDef, kTypeRef, kTypeSpec};
constexpr Table kHasConstantTables[] = {kField, kParam, kProperty};
constexpr Table kHasCustomAttributeTables[] = {
    kMethodDef,        kField,        kTypeRef,
    kTypeDef,          kParam,        kInterfaceImpl,
    kMemberRef,        kModule,       kDeclSecurity,
    kProperty,         kEvent,        kStandAloneSig,
    kModuleRef,        kTypeSpec,     kAssembly,
    kAssemblyRef,      kFile,         kExportedType,
    kManifestResource, kGenericParam, kGenericParamConstraint,
    kMethodSpec};
constexpr Table kHasFieldMarshalTables[] = {kField, kParam};
constexpr Table kHasDeclSecurityTables[] = {kTypeDef, kMethodDef, kAssembly};
constexpr Table kMemberRefParentTables[] = {kTypeDef, kTypeRef, kModuleRef,
                                            kMethodDef, kTypeSpec};
constexpr Table kHasSemanticsTables[] = {kEvent, kProperty};
constexpr Table kMethodDefOrRefTables[] = {kMethodDef, kMemberRef};
constexpr Table kMemberForwardedTables[] = {kField, kMethodDef};
constexpr Table kImplementationTables[] = {kFile, kAssemblyRef, kExportedType};
constexpr Table kCustomAttributeTypeTables[] = {kNoTable, kNoTable, kMethodDef,
                                                kMemberRef, kNoTable};
constexpr Table kResolutionScopeTables[] = {kModule, kModuleRef, kAssemblyRef,
                                            kTypeRef};
constexpr Table kTypeOrMethodDefTables[] = {kTypeDef, kMethodDef};

constexpr CodedIndex kCodedIndexes[] = {
    {2, kTypeDefOrRefTables},        {2, kHasConstantTables},
    {5, kHasCustomAttributeTables},  {1, kHasFieldMarshalTables},
    {2, kHasDeclSecurityTables},     {3, kMemberRefParentTables},
    {1, kHasSemanticsTables},        {1, kMethodDefOrRefTables},
    {1, kMemberForwardedTables},     {2, kImplementationTables},
    {3, kCustomAttributeTypeTables}, {2, kResolutionScopeTables},
    {1, kTypeOrMethodDefTables},
};

// Unused columns at the end are zero, which ColumnsOf() cuts by the count.
struct Row {
  uint8_t count;
  std::array<uint8_t, 9> columns;
};

constexpr Row kRows[kTableCount] = {
    {5, {kUint16, kString, kGuid, kGuid, kGuid}},  // Module
    {3, {kResolutionScope, kString, kString}},     // TypeRef
    {6,
     {kUint32, kString, kString, kTypeDefOrRef, Of(kField),
      Of(kMethodDef)}},                                            // TypeDef
    {1, {Of(kField)}},                                             // FieldPtr
    {3, {kUint16, kString, kBlob}},                                // Field
    {1, {Of(kMethodDef)}},                                         // MethodPtr
    {6, {kUint32, kUint16, kUint16, kString, kBlob, Of(kParam)}},  // MethodDef
    {1, {Of(kParam)}},                                             // ParamPtr
    {3, {kUint16, kUint16, kString}},                              // Param
    {2, {Of(kTypeDef), kTypeDefOrRef}},                       // InterfaceImpl
    {3, {kMemberRefParent, kString, kBlob}},                  // MemberRef
    {3, {kUint16, kHasConstant, kBlob}},                      // Constant
    {3, {kHasCustomAttribute, kCustomAttributeType, kBlob}},  // CustomAttribute
    {2, {kHasFieldMarshal, kBlob}},                           // FieldMarshal
    {3, {kUint16, kHasDeclSecurity, kBlob}},                  // DeclSecurity
    {3, {kUint16, kUint32, Of(kTypeDef)}},                    // ClassLayout
    {2, {kUint32, Of(kField)}},                               // FieldLayout
    {1, {kBlob}},                                             // StandAloneSig
    {2, {Of(kTypeDef), Of(kEvent)}},                          // EventMap
    {1, {Of(kEvent)}},                                        // EventPtr
    {3, {kUint16, kString, kTypeDefOrRef}},                   // Event
    {2, {Of(kTypeDef), Of(kProperty)}},                       // PropertyMap
    {1, {Of(kProperty)}},                                     // PropertyPtr
    {3, {kUint16, kString, kBlob}},                           // Property
    {3, {kUint16, Of(kMethodDef), kHasSemantics}},            // MethodSemantics
    {3, {Of(kTypeDef), kMethodDefOrRef, kMethodDefOrRef}},    // MethodImpl
    {1, {kString}},                                           // ModuleRef
    {1, {kBlob}},                                             // TypeSpec
    {4, {kUint16, kMemberForwarded, kString, Of(kModuleRef)}},  // ImplMap
    {2, {kUint32, Of(kField)}},                                 // FieldRva
    {2, {kUint32, kUint32}},                                    // EncLog
    {1, {kUint32}},                                             // EncMap
    {9,
     {kUint32, kUint16, kUint16, kUint16, kUint16, kUint32, kBlob, kString,
      kString}},                       // Assembly
    {1, {kUint32}},                    // AssemblyProcessor
    {3, {kUint32, kUint32, kUint32}},  // AssemblyOs
    {9,
     {kUint16, kUint16, kUint16, kUint16, kUint32, kBlob, kString, kString,
      kBlob}},                                           // AssemblyRef
    {2, {kUint32, Of(kAssemblyRef)}},                    // ...Processor
    {4, {kUint32, kUint32, kUint32, Of(kAssemblyRef)}},  // AssemblyRefOs
    {3, {kUint32, kString, kBlob}},                      // File
    {5, {kUint32, kUint32, kString, kString, kImplementation}},  // ExportedType
    {4, {kUint32, kUint32, kString, kImplementation}},   // ManifestResource
    {2, {Of(kTypeDef), Of(kTypeDef)}},                   // NestedClass
    {4, {kUint16, kUint16, kTypeOrMethodDef, kString}},  // GenericParam
    {2, {kMethodDefOrRef, kBlob}},                       // MethodSpec
    {2, {Of(kGenericParam), kTypeDefOrRef}},             // ...Constraint
};

}  // namespace

CodedIndex CodedIndexOf(uint8_t column) {
  return kCodedIndexes[column - kTypeDefOrRef];
}

std::span<const uint8_t> ColumnsOf(Table table) {
  const Row& row = kRows[static_cast<size_t>(table)];
  return std::span(row.columns).first(row.count);
}

}  // namespace vitrine::dotnet
