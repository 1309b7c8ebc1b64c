// SPDX-License-Identifier: Apache-2.0
// Every value was computed by YARA 4.5.4.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/limits.h"
#include "engine/modules/module_tester.h"

namespace vitrine::engine::modules {
namespace {

using std::literals::string_view_literals::operator""sv;

Value I(int64_t value) { return value; }
Value S(std::string_view value) { return value; }
Value F(double value) { return value; }

// 0 to 255 four times, then "hello".
class MathTest : public testing::Test {
 protected:
  static std::string Data() {
    std::string data;
    for (int i = 0; i < 1024; ++i) data += static_cast<char>(i);
    return data + "hello";
  }

  const std::string data_ = Data();
  ModuleTester math_{kMathModule, AsBytes(data_)};
};

TEST_F(MathTest, RangesAreCutAtTheEndAndBeginInside) {
  const int64_t size = static_cast<int64_t>(data_.size());
  for (const char* name :
       {"entropy", "mean", "serial_correlation", "monte_carlo_pi", "mode"}) {
    EXPECT_TRUE(IsUndefined(math_.Call(name, {I(size), I(1)}))) << name;
    EXPECT_TRUE(IsUndefined(math_.Call(name, {I(-1), I(5)}))) << name;
    EXPECT_TRUE(IsUndefined(math_.Call(name, {I(0), I(-1)}))) << name;
    EXPECT_TRUE(IsUndefined(math_.Call(name, {I(INT64_MAX), I(INT64_MAX)})))
        << name;
  }
  EXPECT_EQ(Float(math_.Call("mean", {I(size - 1), I(INT64_MAX)})), 111.0);
  EXPECT_EQ(Float(math_.Call("mean", {I(0), I(100)})), 49.5);
}

TEST_F(MathTest, Entropy) {
  EXPECT_EQ(Float(math_.Call("entropy", {I(0), I(256)})), 8.0);
  EXPECT_NEAR(Float(math_.Call("entropy", {I(0), I(5)})), 2.321928, 1e-6);
  EXPECT_EQ(Float(math_.Call("entropy", {I(0), I(0)})), 0.0);
  EXPECT_EQ(Float(math_.Call("entropy", {S("AABB")})), 1.0);
  EXPECT_EQ(Float(math_.Call("entropy", {S("")})), 0.0);
}

TEST_F(MathTest, MeanAndDeviation) {
  EXPECT_TRUE(IsUndefined(math_.Call("mean", {I(0), I(0)})));
  EXPECT_TRUE(IsUndefined(math_.Call("mean", {S("")})));
  EXPECT_EQ(Float(math_.Call("deviation", {I(0), I(100), F(127.5)})), 78.0);
  EXPECT_EQ(Float(math_.Call("deviation", {S("ABAB"), F(65.0)})), 0.5);
  EXPECT_TRUE(IsUndefined(math_.Call("deviation", {S(""), F(1.0)})));
}

// YARA takes a string's bytes as signed.
TEST_F(MathTest, BytesOfStringsAreSigned) {
  EXPECT_EQ(Float(math_.Call("mean", {S("B\xc0")})), 1.0);
  EXPECT_EQ(Float(math_.Call("deviation", {S("B\xc0"), F(65.0)})), 65.0);
  EXPECT_NEAR(Float(math_.Call("serial_correlation", {S("\xc0\xc1\xc2"
                                                        "A")})),
              -0.333279, 1e-6);
  EXPECT_EQ(Float(math_.Call("monte_carlo_pi", {S("AB\x0e\xc8\xcf\xec")})),
            1.0);
  EXPECT_EQ(Float(math_.Call("mean", {I(0xc0), I(1)})), 192.0);
}

TEST_F(MathTest, SerialCorrelation) {
  EXPECT_NEAR(Float(math_.Call("serial_correlation", {I(0), I(2000)})),
              0.979330, 1e-6);
  for (const std::string_view text : {""sv, "A"sv, "AA"sv}) {
    EXPECT_EQ(Float(math_.Call("serial_correlation", {S(text)})), -100000.0);
  }
  EXPECT_EQ(Float(math_.Call("serial_correlation", {S("BCA")})), -0.5);
}

TEST_F(MathTest, MonteCarloPi) {
  EXPECT_NEAR(Float(math_.Call("monte_carlo_pi", {I(0), I(2000)})), 0.099053,
              1e-6);
  EXPECT_NEAR(Float(math_.Call("monte_carlo_pi", {S("ABCDEF")})), 0.273240,
              1e-6);
  EXPECT_TRUE(IsUndefined(math_.Call("monte_carlo_pi", {S("ABCDE")})));
}

TEST_F(MathTest, CountsBytes) {
  EXPECT_EQ(Int(math_.Call("count", {I(0x41)})), 4);
  EXPECT_EQ(Int(math_.Call("count", {I(0x41), I(0), I(0x42)})), 1);
  EXPECT_EQ(Int(math_.Call("count", {I(0x41), I(0), I(0)})), 0);
  EXPECT_TRUE(IsUndefined(math_.Call("count", {I(256)})));
  EXPECT_TRUE(IsUndefined(math_.Call("count", {I(-1)})));
  EXPECT_EQ(Float(math_.Call("percentage", {I(0), I(0), I(4)})), 0.25);
  EXPECT_TRUE(IsUndefined(math_.Call("percentage", {I(0), I(0), I(0)})));
  EXPECT_EQ(Int(math_.Call("mode")), 'l');
  EXPECT_EQ(Int(math_.Call("mode", {I(5), I(3)})), 5);
}

TEST_F(MathTest, NothingCanBeCounted) {
  ModuleTester nothing(kMathModule, {});
  EXPECT_EQ(Int(nothing.Call("count", {I(65)})), 0);
  EXPECT_EQ(Int(nothing.Call("mode")), 0);
  EXPECT_TRUE(IsUndefined(nothing.Call("percentage", {I(65)})));
  EXPECT_TRUE(IsUndefined(nothing.Call("entropy", {I(0), I(0)})));
}

TEST_F(MathTest, Numbers) {
  EXPECT_EQ(Int(math_.Call("max", {I(1), I(-1)})), -1);  // Unsigned.
  EXPECT_EQ(Int(math_.Call("min", {I(1), I(-1)})), 1);
  EXPECT_EQ(Int(math_.Call("abs", {I(-7)})), 7);
  EXPECT_EQ(Int(math_.Call("abs", {I(INT64_MIN)})), INT64_MIN);
  EXPECT_EQ(Int(math_.Call("to_number", {Value(true)})), 1);
  EXPECT_EQ(Int(math_.Call("in_range", {F(1.0), F(1.0), F(1.0)})), 1);
  EXPECT_EQ(Int(math_.Call("in_range", {F(2.0), F(3.0), F(1.0)})), 0);
  EXPECT_EQ(Text(math_.Call("to_string", {I(INT64_MIN)})),
            "-9223372036854775808");
  EXPECT_EQ(Text(math_.Call("to_string", {I(-32), I(16)})), "ffffffffffffffe0");
  EXPECT_EQ(Text(math_.Call("to_string", {I(-1), I(8)})),
            "1777777777777777777777");
  EXPECT_TRUE(IsUndefined(math_.Call("to_string", {I(5), I(2)})));
  EXPECT_EQ(Float(math_.Top("MEAN_BYTES").value()), 127.5);
}

// More ranges than are remembered: later answers are no worse.
TEST_F(MathTest, RangesBeyondThoseRememberedAreRight) {
  for (int64_t i = 0; i < 3 * static_cast<int64_t>(kHistogramsRemembered);
       ++i) {
    EXPECT_EQ(Float(math_.Call("mean", {I(i), I(1)})),
              static_cast<double>(i % 256));
  }
}

}  // namespace
}  // namespace vitrine::engine::modules
