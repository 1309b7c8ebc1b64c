// SPDX-License-Identifier: Apache-2.0
#include "tlog/note.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "tlog/limits.h"
#include "tlog/test_keys.h"

namespace vitrine::tlog {
namespace {

// The specification's examples.
constexpr char kExampleKey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr char kExampleNote[] =
    "This is an example message.\n"
    "\n"
    "\xe2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n";

TEST(Note, OpensTheSpecificationsExample) {
  const auto note = ParseNote(kExampleNote);
  const auto key = VerifierKey::Parse(kExampleKey);
  ASSERT_TRUE(note.ok());
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(note.value().text, "This is an example message.\n");
  ASSERT_EQ(note.value().signatures.size(), 1u);
  EXPECT_TRUE(
      key.value().Verify(note.value().text, note.value().signatures[0]));
  EXPECT_FALSE(key.value().Verify("This is an example message!\n",
                                  note.value().signatures[0]));
  EXPECT_EQ(FormatNote(note.value()), kExampleNote);
}

TEST(Note, IsSplitAtItsLastEmptyLine) {
  const std::string text = "a\n\nb\n\n\nc\n";
  Note note = {text, {TestLog().Sign(text)}};
  const auto parsed = ParseNote(FormatNote(note));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value(), note);
}

TEST(Note, HasOneSpelling) {
  const std::string good = kExampleNote;
  const std::string line = good.substr(good.find("\xe2\x80\x94"));
  const auto text = [](const std::string& signatures) {
    return "text\n\n" + signatures;
  };
  ASSERT_TRUE(ParseNote(text(line)).ok());
  ASSERT_TRUE(ParseNote(text(line + line)).ok());
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string other = line;
    other.replace(other.find(from), from.size(), to);
    return text(other);
  };
  for (const std::string& wrong : {
           std::string(),
           std::string("\n"),
           std::string("text\n"),
           std::string("text\n\n"),
           "text\n" + line,
           text(line.substr(0, line.size() - 1)),
           text(line + "\n"),
           text("\n" + line) + "x",
           text(line + "more\n"),
           changed("\xe2\x80\x94 ", "- "),
           changed("\xe2\x80\x94 ", "\xe2\x80\x94"),
           changed("\xe2\x80\x94 ", "\xe2\x80\x94  "),
           changed(" Uw2Q", "  Uw2Q"),
           changed(" Uw2Q", "Uw2Q"),
           changed("aQM=", "aQM"),
           changed("aQM=", "aQN="),
           changed("aQM=", "aQM= "),
           changed("example.com/foo", "example.com+foo"),
           changed("example.com/foo", "example.com\xc2\xa0"),
           changed("example.com/foo", "example.com\xe2\x80\xa8"),
           changed("example.com/foo", "example.com\xff"),
           changed("example.com/foo", ""),
           changed("Uw2Q", "\tUw2Q"),
           "te\rxt\n\n" + line,
           "te\txt\n\n" + line,
           std::string("te\0xt\n\n", 7) + line,
           "te\xc0\x80xt\n\n" + line,
           text("\xe2\x80\x94 name AAAA\n"),
           text("\xe2\x80\x94 name AAAAAA==\n"),
       }) {
    EXPECT_FALSE(ParseNote(wrong).ok()) << Printable(wrong);
  }
  EXPECT_TRUE(ParseNote(text("\xe2\x80\x94 name AAAAAAA=\n")).ok());
}

TEST(Note, IsBounded) {
  std::string note = "text\n\n";
  for (size_t i = 0; i < kSignaturesMax; ++i) {
    note += FormatSignature({"n", static_cast<uint32_t>(i), ByteVector(2420)});
  }
  EXPECT_TRUE(ParseNote(note).ok());
  note += FormatSignature({"n", 9, {1}});
  EXPECT_EQ(ParseNote(note).error().code, Code::kLimit);
  EXPECT_EQ(ParseNote(std::string(kNoteBytesMax + 1, '\n')).error().code,
            Code::kLimit);
  EXPECT_EQ(ParseSignatures(
                FormatSignature({"n", 1, ByteVector(kSignatureBytesMax + 4)}))
                .error()
                .code,
            Code::kLimit);
  EXPECT_TRUE(
      ParseSignatures(FormatSignature({"n", 1, ByteVector(kSignatureBytesMax)}))
          .ok());
}

TEST(KeyName, HasNoSpacesOfAnyScript) {
  for (const char* name :
       {"a", "example.com/log", "\xc3\xa4", "none", "\x7f"}) {
    EXPECT_TRUE(IsKeyName(name)) << name;
  }
  for (const char* name :
       {"", " ", "a b", "a+b", "a\n", "\t", "\xc2\x85", "\xc2\xa0",
        "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xa9",
        "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xff", "a\x1f"}) {
    EXPECT_FALSE(IsKeyName(name)) << Printable(name);
  }
  EXPECT_TRUE(IsKeyName(std::string(kKeyNameMax, 'a')));
  EXPECT_FALSE(IsKeyName(std::string(kKeyNameMax + 1, 'a')));
}

TEST(Note, MergesSignaturesByKey) {
  Note note = SignedCheckpoint(1, EmptyRoot());
  MergeSignature(TestWitness(1).Cosign(note.text, 5), note);
  MergeSignature(TestWitness(1).Cosign(note.text, 7), note);
  ASSERT_EQ(note.signatures.size(), 2u);
  const auto time = TestWitness(1).verifier().VerifyCosignature(
      note.text, note.signatures[1]);
  ASSERT_TRUE(time.ok());
  EXPECT_EQ(time.value(), 7u);
}

TEST(VerifierKey, ComesBackFromItsText) {
  for (const NoteSigner& signer : {TestLog(), TestWitness(1)}) {
    const std::string text = signer.verifier().Text();
    const auto key = VerifierKey::Parse(text);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key.value(), signer.verifier());
    EXPECT_EQ(key.value().Text(), text);
  }
  EXPECT_EQ(TestLog().verifier().Text(),
            "updates.example.org/log1+9bda6903+"
            "AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c");
}

TEST(VerifierKey, HasOneSpelling) {
  const std::string good = kExampleKey;
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string other = good;
    other.replace(other.find(from), from.size(), to);
    return other;
  };
  for (const std::string& wrong :
       {std::string(), std::string("a"), std::string("a+b"),
        std::string("a+b+c"), changed("530d903a", "530D903A"),
        changed("530d903a", "530d903b"), changed("530d903a", ""),
        changed("foo", "fop"), changed("+530", "++530"), changed("U2k", "U2l"),
        good + "\n", good + " ", " " + good, changed("AekyeRr", "AekyeRs"),
        good + "AAAA", good.substr(0, good.size() - 4)}) {
    EXPECT_FALSE(VerifierKey::Parse(wrong).ok()) << wrong;
  }
  // ML-DSA-44.
  const auto unknown = VerifierKey::Parse("a+00000000+BgAA");
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message.find("(6)"), std::string::npos);
  EXPECT_EQ(VerifierKey::Parse(std::string(kVerifierKeyTextMax + 1, 'a'))
                .error()
                .code,
            Code::kLimit);
}

TEST(VerifierKey, KindsDoNotStandForEachOther) {
  const auto log = TestSigner("name", KeyKind::kLog, 9);
  const auto witness = TestSigner("name", KeyKind::kWitness, 9);
  EXPECT_NE(log.verifier().key_id(), witness.verifier().key_id());
  const std::string text = "a\n1\n" + HashText(EmptyRoot()) + "\n";
  NoteSignature signed_by_log = log.Sign(text);
  NoteSignature cosigned = witness.Cosign(text, 1);
  EXPECT_TRUE(log.verifier().Verify(text, signed_by_log));
  EXPECT_FALSE(log.verifier().Verify(text, cosigned));
  EXPECT_FALSE(witness.verifier().VerifyCosignature(text, signed_by_log).ok());
  EXPECT_FALSE(witness.verifier().Verify(text, cosigned));
  cosigned.key_id = log.verifier().key_id();
  EXPECT_FALSE(log.verifier().Verify(text, cosigned));
}

TEST(Cosignature, CoversItsTimeAndTheWholeText) {
  const auto witness = TestWitness(1);
  const std::string text = SignedCheckpoint(1, EmptyRoot()).text;
  const NoteSignature good = witness.Cosign(text, 1'790'000'000);
  const auto verify = [&](std::string_view over, const NoteSignature& s) {
    return witness.verifier().VerifyCosignature(over, s);
  };
  ASSERT_TRUE(verify(text, good).ok());
  EXPECT_EQ(verify(text, good).value(), 1'790'000'000u);
  EXPECT_FALSE(verify(text + "extension\n", good).ok());
  for (size_t i = 0; i < good.bytes.size(); ++i) {
    NoteSignature changed = good;
    changed.bytes[i] ^= 1;
    EXPECT_FALSE(verify(text, changed).ok()) << i;
  }
  NoteSignature longer = good;
  longer.bytes.push_back(0);
  EXPECT_FALSE(verify(text, longer).ok());
  NoteSignature another = good;
  another.name = "w9.example.net";
  EXPECT_FALSE(verify(text, another).ok());
}

TEST(Checkpoint, HasOneSpelling) {
  const std::string root = HashText(EmptyRoot());
  const Checkpoint plain = {"example.com/log", 7, EmptyRoot(), {}};
  const std::string text = "example.com/log\n7\n" + root + "\n";
  EXPECT_EQ(FormatCheckpoint(plain), text);
  EXPECT_EQ(ParseCheckpoint(text).value(), plain);
  const auto extended = ParseCheckpoint(text + "one\ntwo\n");
  ASSERT_TRUE(extended.ok());
  EXPECT_EQ(extended.value().extensions,
            (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(FormatCheckpoint(extended.value()), text + "one\ntwo\n");
  for (const std::string& wrong :
       {std::string(), std::string("\n"), std::string("a\n7\n"),
        text.substr(0, text.size() - 1), text + "\n", text + "\none\n",
        "\n7\n" + root + "\n", "a\n07\n" + root + "\n", "a\n\n" + root + "\n",
        "a\n-1\n" + root + "\n", "a\n 7\n" + root + "\n",
        "a\n7\n" + root.substr(1) + "\n", "a\n7\n" + root + "=\n",
        "a\n7\n" + root + " \n", "a\t\n7\n" + root + "\n",
        "a\r\n7\n" + root + "\n", "a\n7\n" + root + "\n\xff\n"}) {
    EXPECT_FALSE(ParseCheckpoint(wrong).ok()) << wrong;
  }
}

TEST(Checkpoint, IsBounded) {
  const std::string root = HashText(EmptyRoot());
  const auto size = [&](const std::string& number) {
    return ParseCheckpoint("a\n" + number + "\n" + root + "\n");
  };
  EXPECT_TRUE(size(std::to_string(kTreeSizeMax)).ok());
  EXPECT_EQ(size(std::to_string(kTreeSizeMax + 1)).error().code, Code::kLimit);
  EXPECT_FALSE(size("18446744073709551616").ok());
  std::string text = "a\n7\n" + root + "\n";
  for (size_t i = 0; i < kExtensionsMax; ++i) text += "x\n";
  EXPECT_TRUE(ParseCheckpoint(text).ok());
  EXPECT_EQ(ParseCheckpoint(text + "x\n").error().code, Code::kLimit);
  EXPECT_EQ(
      ParseCheckpoint(std::string(kOriginMax + 1, 'a') + "\n7\n" + root + "\n")
          .error()
          .code,
      Code::kLimit);
}

}  // namespace
}  // namespace vitrine::tlog
