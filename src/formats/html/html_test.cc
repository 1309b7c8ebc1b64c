// SPDX-License-Identifier: Apache-2.0
#include "formats/html/html.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace vitrine::html {
namespace {

std::string Nocomment(std::string_view page) {
  return std::string(AsText(Normalise(AsBytes(page), {}).nocomment));
}

std::string Notags(std::string_view page) {
  return std::string(AsText(Normalise(AsBytes(page), {}).notags));
}

std::string Script(std::string_view script) {
  const std::string page = "<script>" + std::string(script) + "</script>";
  const Views views = Normalise(AsBytes(page), {});
  constexpr std::string_view kStart = "<script>";
  constexpr std::string_view kEnd = "</script>";
  std::string_view text = AsText(views.script);
  EXPECT_TRUE(text.starts_with(kStart) && text.ends_with(kEnd)) << text;
  text.remove_prefix(kStart.size());
  text.remove_suffix(kEnd.size());
  return std::string(text);
}

// What these expect was read from clamscan 1.4.6's temporary files.
TEST(Nocomment, LowersAndCollapses) {
  EXPECT_EQ(Nocomment("a  b\n\nc\td"), "a b c d");
  EXPECT_EQ(Nocomment("A<B>c</B >d"), "a<b>c</b>d");
  EXPECT_EQ(Nocomment("x <b> y </b> z"), "x <b>y </b>z");
  EXPECT_EQ(Nocomment("< b>x< / a>"), "<b>x</ a>");
  EXPECT_EQ(Nocomment("a\r\nb\rc"), "a bc");
}

TEST(Nocomment, WritesAttributesOneWay) {
  EXPECT_EQ(Nocomment("<B  CLASS = \"X  Y\" id='Q \"r' z=Foo  w>t"),
            "<b class=\"x y\" id=\"q \"r\" z=foo w>t");
  EXPECT_EQ(Nocomment("<?xml version=\"1.0\"?>x"), "<?xml version=\"1.0\" ?>x");
  EXPECT_EQ(Nocomment("<a x=\"1\"y=\"2\">z"), "<a x=\"1\" y=\"2\">z");
  EXPECT_EQ(Nocomment("<br/><br /><a b= />"), "<br/><br /><a b=/>");
  EXPECT_EQ(Nocomment("<p\n\nclass=x\n>y"), "<p class=x>y");
}

TEST(Nocomment, DropsDeclarationsUpToTheFirstAngle) {
  EXPECT_EQ(Nocomment("x<!-- c -->y<!---->z<!DOCTYPE html>w"), "xyzw");
  EXPECT_EQ(Nocomment("w<!-- a > b -->v"), "wb -->v");
}

TEST(Nocomment, DecodesReferences) {
  EXPECT_EQ(Nocomment("&lt;&gt;&quot;&nbsp;&bogus;&amp &#65;&#x41;&#256;"),
            "<>\"\xa0&bogus;&amp aa&#x0100;");
  EXPECT_EQ(Nocomment("&#65&#66;&lt&gt;&;&"), "Ab&lt>&;&");
  EXPECT_EQ(Nocomment("<a x=\"a&lt;b&#65;\" y=&lt;>z"), "<a x=\"a<ba\" y=<>z");
}

TEST(Nocomment, KeepsNoBlankOfScriptAndStyle) {
  EXPECT_EQ(Nocomment("<SCRIPT>var  X = 'a b';\n</SCRIPT> q"),
            "<script>varx=\"ab\";</script>q");
  EXPECT_EQ(Nocomment("<style>B { color: RED; }</style>q"),
            "<style>b{color:red;}</style>q");
}

TEST(Notags, KeepsTextAndTargets) {
  EXPECT_EQ(Notags("<html><a href=\"HTTP://Foo.Bar/?x=1&amp;y\">Text  A</a>"),
            " HTTP://Foo.Bar/?x=1&y text a ");
  EXPECT_EQ(Notags("<p>A &amp; B<img src=X.png>c"), " a b X.png c ");
  EXPECT_EQ(Notags("<p>a<script>b</script>c<style>d</style>e"), " a c e ");
}

TEST(Notags, EndsATagAtTheSecondAngleOfAValue) {
  EXPECT_EQ(Notags("<a x=\"a>b\" y>z"), " z ");
  EXPECT_EQ(Notags("<a x=\"a>b>c\" y>z"), " c\" y>z ");
  EXPECT_EQ(Notags("<a x=\"a b>c\" y>z"), " c\" y>z ");
}

TEST(Script, RenamesWhatItDeclares) {
  EXPECT_EQ(Script("var Abc = 1, Def = 2; Abc = Def + x;"),
            "var n000=1,n001=2;n000=n001+x;");
  EXPECT_EQ(Script("function Foo(A, b) { var c = A; return c + b; } Foo(A)"),
            "function n000(n001,n002){var n003=n001;return n003+n002;}foo(a)");
  EXPECT_EQ(Script("foo.a = a; var a; a.b = 1; b"),
            "foo.a=n000;var n000;n000.b=1;b");
  EXPECT_EQ(Script("var a=[b,c],d;b c d"), "var n000=[b,c],n001;b c n001");
  EXPECT_EQ(Script("var a=function(x){return x},b;b"),
            "var n000=function(n001){return n001},n002;n002");
}

TEST(Script, FoldsStrings) {
  EXPECT_EQ(Script("\"A\" + 'b' + c + \"d\"+/* e */\"f\""), "\"ab\"+c+\"df\"");
  EXPECT_EQ(Script("unescape(\"%41%u0042%zz\")"), "\"ab%zz\"");
  EXPECT_EQ(Script("eval(\"var x = 1;\")"), "var n000=1;");
  EXPECT_EQ(Script("x = \"a\\n\\x41\\u0042\\'\\\\ \\101\""),
            "x=\"a ab'\\ 101\"");
}

TEST(Script, DropsCommentsAndBlanks) {
  EXPECT_EQ(Script("/* x */ if (A) return  B; // c d\ny"),
            "if(a)return b;c d y");
  EXPECT_EQ(Script("a = 1.50e+3 + 010 - 1e5"), "a=1500+10-1 e5");
}

TEST(Links, PairTargetAndText) {
  const Views views = Normalise(
      AsBytes("<a href=\"http://evil/&amp;X\"><b>www.Bank</b>  .com</A>"
              "<a name=q>no</a><a href=b>two"),
      {});
  ASSERT_EQ(views.links.size(), 2u);
  EXPECT_EQ(views.links[0].target, "http://evil/&X");
  EXPECT_EQ(views.links[0].text, "www.Bank .com");
  EXPECT_EQ(views.links[1].text, "two");
}

TEST(DataUrls, AreDecoded) {
  const Views views =
      Normalise(AsBytes("<img src=\"data:text/Plain;base64,SGVsbG8=\">"
                        "<a href='data:,A%20note'>x</a>"),
                {});
  ASSERT_EQ(views.data.size(), 2u);
  EXPECT_EQ(views.data[0].type, "text/plain");
  EXPECT_EQ(AsText(views.data[0].bytes), "Hello");
  EXPECT_EQ(AsText(views.data[1].bytes), "A note");
  EXPECT_EQ(AsText(views.nocomment),
            "<img src=\"data\"><a href=\"data\">x</a>");
}

TEST(DataUrls, AreFoundInStyleSheets) {
  const Views views = Normalise(
      AsBytes("<style>a{background:url(data:,one)}b{x:url( 'data:,t)wo' )}"
              "c{x:url(\"data:,three\")}d{x:url(other)}e{x:url(data:,cut"
              "</style>"),
      {});
  std::vector<std::string_view> data;
  for (const DataUrl& url : views.data) data.push_back(AsText(url.bytes));
  EXPECT_EQ(data, (std::vector<std::string_view>{"one", "t", "three", "cut"}));
}

TEST(FromUtf16, ReadsBothOrders) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(AsText(FromUtf16(AsBytes("\xff\xfe<\0B\0>\0\x2d\x4e"sv))), "<B>");
  EXPECT_EQ(AsText(FromUtf16(AsBytes("\0<\0B\0>"sv))), "<B>");
}

TEST(Normalise, SaysWhenItWasCut) {
  EXPECT_TRUE(Normalise(AsBytes("<b>abc"), {.input_max = 5}).cut);
  EXPECT_TRUE(Normalise(AsBytes("<b>abc"), {.notags_max = 2}).cut);
  EXPECT_TRUE(
      Normalise(AsBytes("<script>abcdef</script>"), {.script_max = 3}).cut);
  EXPECT_FALSE(Normalise(AsBytes("<b>abc"), {.input_max = 6}).cut);
}

}  // namespace
}  // namespace vitrine::html
