// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spec_assignment.hpp"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/strutil.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/textproto_translation.hpp"

namespace chronotope::proto {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// A field of one message, or, without one, the message: an element of a list.
struct Target {
  Message* message;
  const FieldDescriptor* field;
};

bool is_message(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

/// The messages inside whose fields go without their name: those that are there, but no Distribution.
std::vector<const FieldDescriptor*> chosen(const Message& message) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  std::erase_if(set, [](const FieldDescriptor* field) {
    return field->is_repeated() || !is_message(*field) || field->message_type() == Distribution::descriptor();
  });
  return set;
}

/// What populations, inputs and rewards are called, and projections by their ends, with a number where several
/// have the same.
std::vector<std::string> names_of(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::size_t>> between;  // by ends, places among the names
  const auto* reflection = message.GetReflection();
  const auto* name = field.message_type()->FindFieldByName("name");
  for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
    const Message& element = reflection->GetRepeatedMessage(message, &field, i);
    if (name != nullptr) {
      names.push_back(element.GetReflection()->GetString(element, name));
    } else if (const auto* projection = dynamic_cast<const Projection*>(&element)) {
      names.push_back(projection->source() + "->" + projection->target());
      between[names.back()].push_back(names.size() - 1);
    }
  }
  for (const auto& [ends, places] : between)
    for (std::size_t k = 0; places.size() > 1 && k < places.size(); ++k)
      names[places[k]] += "#" + std::to_string(k + 1);
  return names;
}

class Assignment {
 public:
  Assignment(SpecText& spec, const std::string& text, const std::string& origin)
      : spec_(spec), origin_(origin), rest_(text.substr(0, text.find('='))) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) fail("must be PATH=VALUE, as population.E.I_e=400");
    value_ = text.substr(equals + 1);
    if (value_.find_first_not_of(' ') == std::string::npos) fail("has no value behind =");
  }

  void apply() {
    const Target target = resolve();
    if (target.field == nullptr) return merge(target.message, fields());
    const auto* reflection = target.message->GetReflection();
    const std::string text = fragment(*target.field);
    require_one_field(*target.message, *target.field, text);
    if (target.field->is_repeated()) reflection->ClearField(target.message, target.field);
    merge(target.message, text);
    spec_.assigned[{target.message, target.field}] = origin_;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw InputError(origin_ + ": " + what); }

  Target resolve() {
    Message* message = &spec_.message;
    for (;;) {
      const Target target = find(*message, take_name());
      if (rest_.empty()) return target;
      if (!is_message(*target.field)) fail(walked_ + " has no fields");
      message = target.field->is_repeated()
                    ? &element(target)
                    : target.message->GetReflection()->MutableMessage(target.message, target.field);
      if (rest_.empty()) return {message, nullptr};
    }
  }

  /// The next name of the path.
  std::string take_name() {
    if (rest_.starts_with('.')) rest_.erase(0, 1);
    return take(std::min(rest_.find_first_of(".["), rest_.size()));
  }
  std::string take(std::size_t count) {
    std::string text = rest_.substr(0, count);
    rest_.erase(0, count);
    return text;
  }

  Target find(Message& message, const std::string& name) {
    std::vector<Target> found;
    std::vector<std::string> names;
    const auto look = [&](Message& in) {
      const auto* type = in.GetDescriptor();
      for (int i = 0; i < type->field_count(); ++i) names.push_back(type->field(i)->name());
      if (const auto* field = type->FindFieldByName(name)) found.push_back({&in, field});
    };
    look(message);
    if (found.empty())
      for (const auto* inner : chosen(message))
        look(*message.GetReflection()->MutableMessage(&message, inner));
    const std::string owner = walked_.empty() ? "the specification" : walked_;
    if (found.empty()) fail(owner + " has no field " + in_quotes(name) + " (" + suggest(name, names) + ")");
    if (found.size() > 1)
      fail(owner + " has several fields " + in_quotes(name) + ": name the message before it, as " +
           found[0].message->GetDescriptor()->name() + " has one");
    walked_ += (walked_.empty() ? "" : ".") + name;
    return found.front();
  }

  Message& element(const Target& target) {
    const auto* reflection = target.message->GetReflection();
    const int count = reflection->FieldSize(*target.message, target.field);
    const int number =
        rest_.starts_with('[') ? take_number(count) : take_element(names_of(*target.message, *target.field));
    return *reflection->MutableRepeatedMessage(target.message, target.field, number);
  }

  int take_number(int count) {
    const auto end = rest_.find(']');
    const std::string text = take(end == std::string::npos ? rest_.size() : end + 1);
    int number = -1;
    const auto [rest, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (error != std::errc() || *rest != ']' || number < 0 || number >= count)
      fail(walked_ + " has no element " + printable(text) + ", but " + std::to_string(count) + " elements");
    walked_ += text;
    return number;
  }

  /// The longest name that comes next, for names may hold a dot.
  int take_element(const std::vector<std::string>& names) {
    if (rest_.starts_with('.')) rest_.erase(0, 1);
    int found = -1;
    std::size_t length = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& name = names[i];
      const bool ends =
          rest_.size() == name.size() || (rest_.size() > name.size() && rest_[name.size()] == '.');
      if (name.empty() || !rest_.starts_with(name) || !ends || name.size() <= length) continue;
      found = static_cast<int>(i);
      length = name.size();
    }
    if (found < 0) {
      const std::string name = rest_.substr(0, rest_.find('.'));
      fail("no " + walked_ + " named " + in_quotes(name) +
           (names.empty() ? "; there are none" : " (" + suggest(name, names) + ")"));
    }
    walked_ += "." + take(length);
    return found;
  }

  /// "I_e: 400", "weight {gamma ...}", "path: \"a.csv\"".
  std::string fragment(const FieldDescriptor& field) const {
    const bool braced = value_.find_first_not_of(' ') == value_.find('{');
    if (is_message(field) && braced) return field.name() + " " + value_;
    const bool text =
        field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && value_.find('"') == std::string::npos;
    return field.name() + ": " + (text ? "\"" + google::protobuf::CEscape(value_) + "\"" : value_);
  }

  /// What stands between the braces.
  std::string fields() const {
    const auto first = value_.find_first_not_of(' ');
    const auto last = value_.find_last_not_of(' ');
    if (first == last || value_[first] != '{' || value_[last] != '}')
      fail(walked_ + " takes fields in braces, as {size: 4}");
    return value_.substr(first + 1, last - first - 1);
  }

  /// A value that holds a field of its own would set what its path does not name.
  void require_one_field(const Message& like, const FieldDescriptor& field, const std::string& text) const {
    const std::unique_ptr<Message> alone(like.New());
    merge(alone.get(), text);
    std::vector<const FieldDescriptor*> set;
    alone->GetReflection()->ListFields(*alone, &set);
    for (const FieldDescriptor* other : set)
      if (other != &field) fail("sets " + other->name() + ", too; give each a --set of its own");
  }

  void merge(Message* message, const std::string& bytes) const {
    try {
      PlacedText text(origin_);
      translate_textproto(bytes, *message->GetDescriptor(), text);
      google::protobuf::TextFormat::Parser parser;
      FirstError error;
      parser.RecordErrorsTo(&error);
      if (!parser.MergeFromString(text.text(), message)) fail(error.what());
    } catch (const InputError& error) {
      fail(without_place(error.what()));
    }
  }

  /// Lines and columns of a fragment tell nobody anything.
  std::string without_place(const std::string& what) const {
    if (!what.starts_with(origin_ + ":")) return what;
    const std::string rest = what.substr(origin_.size() + 1);
    if (rest.starts_with(" ")) return rest.substr(1);
    return rest.substr(rest.find(": ") + 2);
  }

  /// Of several complaints the first one.
  class FirstError : public google::protobuf::io::ErrorCollector {
   public:
    void AddError(int /*line*/, int /*column*/, const std::string& message) override {
      if (what_.empty()) what_ = message;
    }
    const std::string& what() const { return what_; }

   private:
    std::string what_;
  };

  SpecText& spec_;
  const std::string& origin_;
  std::string rest_;    // of the path
  std::string walked_;  // the path so far
  std::string value_;
};

}  // namespace

void assign(SpecText& spec, const std::string& assignment, const std::string& origin) {
  Assignment(spec, assignment, origin).apply();
}

}  // namespace chronotope::proto
