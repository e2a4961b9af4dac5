// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/hdf5_file.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/hdf5_library.hpp"
#include "chronotope/proto/formats/input_file.hpp"

namespace chronotope::proto {
namespace {

/// Something of the library's that must be closed; negative: there is none.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  hid_t id() const { return id_; }
  bool is_open() const { return id_ >= 0; }

 private:
  hid_t id_;
  Close close_;
};

/// Held by whoever uses the library.
std::recursive_mutex& library_use() {
  static std::recursive_mutex mutex;
  return mutex;
}

std::uint64_t product(const std::vector<std::uint64_t>& extents) {
  std::uint64_t count = 1;
  for (const auto extent : extents)
    count = extent != 0 && count > ~std::uint64_t{0} / extent ? ~std::uint64_t{0} : count * extent;
  return count;
}

}  // namespace

class Hdf5File::Content {
 public:
  explicit Content(const std::string& path) : use_(library_use()), name_(path), file_(open(path)) {}

  const std::string& name() const { return name_; }
  [[noreturn]] void refuse(const std::string& path, const std::string& what) const {
    throw InputError(name_ + ":" + printable(path) + ": " + what);
  }

  /// Each part of a path must be there before the next can be asked for.
  bool has(const std::string& path) const {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
      const std::string part = path.substr(0, end);
      if (part != "/" && hdf5_.link_exists(file_.id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
      if (end == std::string::npos) return true;
    }
  }
  Handle object(const std::string& path, H5I_type_t kind, const char* what) const {
    if (!has(path)) refuse(path, std::string("is missing; it must be ") + what);
    Handle object(hdf5_.open_object(file_.id(), path.c_str(), H5P_DEFAULT), hdf5_.close_object);
    if (!object.is_open()) refuse(path, "can not be read: the file is damaged");
    if (kind != H5I_BADID && hdf5_.type_of_object(object.id()) != kind)
      refuse(path, std::string("must be ") + what);
    return object;
  }
  Handle data(const std::string& path) const { return object(path, H5I_DATASET, "a data set"); }

  bool is_group(const std::string& path) const {
    return has(path) && hdf5_.type_of_object(object(path, H5I_BADID, "").id()) == H5I_GROUP;
  }
  std::vector<std::string> names(const std::string& path) const {
    const Handle group = object(path, H5I_GROUP, "a group");
    H5G_info_t info{};
    if (hdf5_.group_info(group.id(), &info) < 0) refuse(path, "can not be read: the file is damaged");
    std::vector<std::string> all;
    for (hsize_t k = 0; k < info.nlinks; ++k) {
      const auto name = [&](char* text, std::size_t size) {
        return hdf5_.name_of_link(group.id(), ".", H5_INDEX_NAME, H5_ITER_INC, k, text, size, H5P_DEFAULT);
      };
      const ssize_t size = name(nullptr, 0);
      if (size < 0) refuse(path, "can not be read: the file is damaged");
      std::string text(static_cast<std::size_t>(size) + 1, '\0');
      name(text.data(), text.size());
      text.pop_back();
      all.push_back(std::move(text));
    }
    return all;
  }

  /// Reads everything below a group.
  void read_all(const std::string& group, int depth = 0) const {
    constexpr int kDeepest = 16;
    for (const std::string& name : names(group)) {
      const std::string path = (group == "/" ? "" : group) + "/" + name;
      try {
        if (is_group(path) && depth < kDeepest)
          read_all(path, depth + 1);
        else
          read_data(path);
      } catch (const Error&) {  // which who asks for it will meet
      }
    }
  }

  std::vector<std::uint64_t> extents(const Handle& data, const std::string& path) const {
    return extents_of(Handle(hdf5_.space_of_data(data.id()), hdf5_.close_space), path);
  }
  /// How many elements a data set has. Refuses more than memory holds, each of them of so many bytes.
  std::size_t count(const Handle& data, const std::string& path, std::size_t bytes) const {
    const std::uint64_t elements = product(extents(data, path));
    require_memory(static_cast<double>(elements) * static_cast<double>(bytes),
                   name_ + ":" + printable(path) + ": " + std::to_string(elements) + " elements");
    return elements;
  }
  Handle type(const Handle& data) const { return {hdf5_.type_of_data(data.id()), hdf5_.close_type}; }
  bool is_number(const Handle& type) const {
    const H5T_class_t kind = hdf5_.class_of_type(type.id());
    return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
  }

  std::vector<double> numbers(const std::string& path) const {
    const Handle set = data(path);
    if (!is_number(type(set))) refuse(path, "must hold numbers");
    std::vector<double> numbers(count(set, path, sizeof(double)));
    read_into(set, path, hdf5_.native_double, numbers.data());
    return numbers;
  }

  bool is_single(const std::string& path) const {
    const Handle kept = type(data(path));
    return hdf5_.class_of_type(kept.id()) == H5T_FLOAT && hdf5_.size_of_type(kept.id()) == sizeof(float);
  }

  std::vector<std::string> texts(const std::string& path) const {
    const Handle set = data(path);
    const Handle kept = type(set);
    if (hdf5_.class_of_type(kept.id()) != H5T_STRING) refuse(path, "must hold texts");
    if (hdf5_.is_variable_text(kept.id()) > 0) return variable_texts(set, path, kept);
    const std::size_t size = hdf5_.size_of_type(kept.id());
    const std::size_t elements = count(set, path, size);
    std::string bytes(elements * size, '\0');
    read_into(set, path, kept.id(), bytes.data());
    std::vector<std::string> texts;
    for (std::size_t k = 0; k < elements; ++k) texts.push_back(until_zero(bytes.substr(k * size, size)));
    return texts;
  }

  std::vector<double> list(const std::string& path, std::uint64_t k) const {
    const Handle set = data(path);
    const Handle kept = type(set);
    if (hdf5_.class_of_type(kept.id()) != H5T_VLEN ||
        !is_number(Handle(hdf5_.base_of_type(kept.id()), hdf5_.close_type)) || extents(set, path).size() != 1)
      refuse(path, "must hold lists of numbers");
    const Handle as(hdf5_.create_list_type(hdf5_.native_double), hdf5_.close_type);
    const Handle space(hdf5_.space_of_data(set.id()), hdf5_.close_space);
    const hsize_t first = k, one = 1;
    const Handle single(hdf5_.create_simple_space(1, &one, nullptr), hdf5_.close_space);
    hvl_t raw{};
    if (hdf5_.select_block(space.id(), H5S_SELECT_SET, &first, nullptr, &one, nullptr) < 0 ||
        hdf5_.read_data(set.id(), as.id(), single.id(), space.id(), H5P_DEFAULT, &raw) < 0)
      refuse(path, "can not be read: the file is cut or damaged");
    const auto* begin = static_cast<const double*>(raw.p);
    std::vector<double> numbers(begin, begin + raw.len);
    hdf5_.free_lists(as.id(), single.id(), H5P_DEFAULT, &raw);
    return numbers;
  }

  std::optional<Handle> attribute(const std::string& path, const std::string& name) const {
    const Handle owner = object(path, H5I_BADID, "a group or data set");
    if (hdf5_.attribute_exists(owner.id(), name.c_str()) <= 0) return std::nullopt;
    Handle found(hdf5_.open_attribute(owner.id(), name.c_str(), H5P_DEFAULT), hdf5_.close_attribute);
    if (!found.is_open()) refuse(path, "attribute " + name + " can not be read: the file is damaged");
    return found;
  }
  std::vector<std::uint64_t> extents_of_attribute(const Handle& attribute, const std::string& path) const {
    return extents_of(Handle(hdf5_.space_of_attribute(attribute.id()), hdf5_.close_space), path);
  }

  std::optional<std::string> text_attribute(const std::string& path, const std::string& name) const {
    const auto found = attribute(path, name);
    if (!found) return std::nullopt;
    const Handle kept(hdf5_.type_of_attribute(found->id()), hdf5_.close_type);
    if (product(extents_of_attribute(*found, path)) != 1) refuse(path, "attribute " + name + " must be one");
    switch (hdf5_.class_of_type(kept.id())) {
      case H5T_ENUM:
        return name_of_value(*found, kept, path, name);
      case H5T_STRING:
        return text_of(*found, kept, path, name);
      default:
        refuse(path, "attribute " + name + " must be a text");
    }
  }

 private:
  void read_data(const std::string& path) const {
    const Handle set = data(path);
    text_attribute(path, "units");
    const H5T_class_t kind = hdf5_.class_of_type(type(set).id());
    if (kind == H5T_STRING)
      texts(path);
    else if (kind != H5T_VLEN)
      numbers(path);
    else
      for (std::uint64_t k = 0; k < product(extents(set, path)); ++k) list(path, k);
  }

  /// Damaged bytes can lead the library astray: it may touch memory that is not its own, or go round for ever.
  /// So a child process reads all there is before this one reads anything.
  void prove_readable(const std::string& path) const {
    const pid_t child = ::fork();
    if (child < 0) throw Failure(path + ": no process can be made to read it: " + std::strerror(errno));
    if (child == 0) prove_in_child(path);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (!WIFEXITED(status)) throw InputError(path + ": is an HDF5 file that is damaged");
  }
  [[noreturn]] static void prove_in_child(const std::string& path) {
    constexpr rlim_t kBytesPerSecond = 10'000'000, kLeastSeconds = 2;
    std::error_code unknown;
    const rlim_t seconds = kLeastSeconds + std::filesystem::file_size(path, unknown) / kBytesPerSecond;
    const rlimit limit{seconds, seconds}, none{0, 0};
    ::setrlimit(RLIMIT_CPU, &limit);
    ::setrlimit(RLIMIT_CORE, &none);
    ::close(STDERR_FILENO);
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE}) std::signal(signal, SIG_DFL);
    try {
      Content(path, AsIs()).read_all("/");
    } catch (const std::exception&) {  // which the parent will meet
    }
    ::_exit(0);
  }

  struct AsIs {};
  /// In a child, whose parent holds the lock.
  Content(const std::string& path, AsIs)
      : use_(library_use(), std::defer_lock), name_(path), file_(open_as_is(path), hdf5_.close_file) {}

  Handle open(const std::string& path) const {
    if (path == "-") throw InputError("standard input: HDF5 is read from files; save it as one");
    if (InputFile(path).peek(kHdf5Magic.size()) != kHdf5Magic)
      throw InputError(path + ": is not an HDF5 file");
    prove_readable(path);
    return {open_as_is(path), hdf5_.close_file};
  }
  hid_t open_as_is(const std::string& path) const {
    const hid_t file = hdf5_.open_file(path.c_str(), kHdf5ReadOnly, H5P_DEFAULT);
    if (file < 0) throw InputError(path + ": is an HDF5 file that was cut or is damaged");
    return file;
  }

  std::vector<std::uint64_t> extents_of(const Handle& space, const std::string& path) const {
    const int dimensions = space.is_open() ? hdf5_.dimensions_of_space(space.id()) : -1;
    if (dimensions < 0) refuse(path, "has a shape that can not be read");
    std::array<hsize_t, H5S_MAX_RANK> raw{};
    hdf5_.extents_of_space(space.id(), raw.data(), nullptr);
    std::vector<std::uint64_t> extents;
    for (int d = 0; d < dimensions; ++d) extents.push_back(raw[static_cast<std::size_t>(d)]);
    return extents;
  }

  void read_into(const Handle& set, const std::string& path, hid_t as, void* to) const {
    if (product(extents(set, path)) > 0 &&
        hdf5_.read_data(set.id(), as, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0)
      refuse(path, "can not be read: the file is cut or damaged");
  }

  static std::string until_zero(std::string text) {
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
  }

  std::vector<std::string> variable_texts(const Handle& set, const std::string& path,
                                          const Handle& kept) const {
    std::vector<char*> raw(count(set, path, sizeof(char*)));
    const Handle space(hdf5_.space_of_data(set.id()), hdf5_.close_space);
    read_into(set, path, kept.id(), raw.data());
    std::vector<std::string> texts;
    for (const char* text : raw) texts.emplace_back(text == nullptr ? "" : text);
    hdf5_.free_lists(kept.id(), space.id(), H5P_DEFAULT, raw.data());
    return texts;
  }

  std::string name_of_value(const Handle& attribute, const Handle& kept, const std::string& path,
                            const std::string& name) const {
    constexpr std::size_t kMost = 256;
    std::vector<char> value(std::max<std::size_t>(hdf5_.size_of_type(kept.id()), 1));
    char text[kMost] = "";
    if (hdf5_.read_attribute(attribute.id(), kept.id(), value.data()) < 0 ||
        hdf5_.name_of_value(kept.id(), value.data(), text, kMost) < 0)
      refuse(path, "attribute " + name + " can not be read");
    return text;
  }

  std::string text_of(const Handle& attribute, const Handle& kept, const std::string& path,
                      const std::string& name) const {
    const auto unread = [&] { refuse(path, "attribute " + name + " can not be read"); };
    if (hdf5_.is_variable_text(kept.id()) > 0) {
      char* raw = nullptr;
      if (hdf5_.read_attribute(attribute.id(), kept.id(), static_cast<void*>(&raw)) < 0) unread();
      std::string text = raw == nullptr ? "" : raw;
      const Handle space(hdf5_.space_of_attribute(attribute.id()), hdf5_.close_space);
      hdf5_.free_lists(kept.id(), space.id(), H5P_DEFAULT, static_cast<void*>(&raw));
      return text;
    }
    constexpr std::size_t kMost = 1 << 16;
    const std::size_t size = hdf5_.size_of_type(kept.id());
    if (size > kMost) unread();
    std::string text(size, '\0');
    if (hdf5_.read_attribute(attribute.id(), kept.id(), text.data()) < 0) unread();
    return until_zero(text);
  }

  std::unique_lock<std::recursive_mutex> use_;
  const Hdf5Library& hdf5_ = hdf5_library();
  std::string name_;
  Handle file_;
};

Hdf5File::Hdf5File(const std::string& path) : content_(std::make_unique<Content>(path)) {}
Hdf5File::~Hdf5File() = default;
const std::string& Hdf5File::name() const { return content_->name(); }
bool Hdf5File::has(const std::string& path) const { return content_->has(path); }
bool Hdf5File::is_group(const std::string& path) const { return content_->is_group(path); }
std::vector<std::string> Hdf5File::names(const std::string& group) const { return content_->names(group); }
std::vector<std::uint64_t> Hdf5File::extents(const std::string& data) const {
  return content_->extents(content_->data(data), data);
}
std::vector<double> Hdf5File::numbers(const std::string& data) const { return content_->numbers(data); }
std::vector<std::uint64_t> Hdf5File::indices(const std::string& data) const {
  std::vector<std::uint64_t> whole;
  for (const double v : numbers(data)) {
    if (!(v >= 0 && v <= 0x1p53 && v == std::floor(v)))
      refuse(data, to_string(v) + " is not allowed (must be a whole number from 0 to 2^53)");
    whole.push_back(static_cast<std::uint64_t>(v));
  }
  return whole;
}
bool Hdf5File::is_single(const std::string& data) const { return content_->is_single(data); }
std::vector<std::string> Hdf5File::texts(const std::string& data) const { return content_->texts(data); }
std::vector<double> Hdf5File::list(const std::string& data, std::uint64_t k) const {
  return content_->list(data, k);
}
std::optional<std::string> Hdf5File::text_attribute(const std::string& object,
                                                    const std::string& attribute) const {
  return content_->text_attribute(object, attribute);
}
void Hdf5File::refuse(const std::string& path, const std::string& what) const {
  content_->refuse(path, what);
}

class Hdf5Image::Content {
 public:
  Content() : use_(library_use()), file_(create(), hdf5_.close_file) {}

  void add_group(const std::string& path) {
    const Handle group(hdf5_.create_group(file_.id(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                       hdf5_.close_object);
    check(group.is_open());
  }

  void add_data(const std::string& path, hid_t type, const void* values,
                const std::vector<std::uint64_t>& extents) {
    const Handle space = space_of(extents);
    const Handle set(
        hdf5_.create_data(file_.id(), path.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        hdf5_.close_object);
    check(set.is_open());
    if (product(extents) > 0)
      check(hdf5_.write_data(set.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  }

  void add_texts(const std::string& path, const std::vector<std::string>& texts,
                 const std::vector<std::uint64_t>& extents) {
    std::vector<const char*> raw;
    for (const std::string& text : texts) raw.push_back(text.c_str());
    const Handle type = text_type();
    add_data(path, type.id(), raw.data(), extents);
  }

  void set_attribute(const std::string& path, const std::string& name, hid_t type, const void* value,
                     const std::vector<std::uint64_t>& extents) {
    const Handle space = space_of(extents);
    const Handle object(hdf5_.open_object(file_.id(), path.c_str(), H5P_DEFAULT), hdf5_.close_object);
    const Handle attribute(
        hdf5_.create_attribute(object.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT),
        hdf5_.close_attribute);
    check(attribute.is_open() && hdf5_.write_attribute(attribute.id(), type, value) >= 0);
  }
  void set_text_attribute(const std::string& path, const std::string& name, const std::string& text) {
    const Handle type = text_type();
    const char* const raw = text.c_str();
    set_attribute(path, name, type.id(), static_cast<const void*>(&raw), {});
  }

  std::string bytes() {
    check(hdf5_.flush_file(file_.id(), H5F_SCOPE_GLOBAL) >= 0);
    const ssize_t size = hdf5_.file_image(file_.id(), nullptr, 0);
    check(size > 0);
    std::string image(static_cast<std::size_t>(size), '\0');
    check(hdf5_.file_image(file_.id(), image.data(), image.size()) == size);
    return image;
  }

  const Hdf5Library& hdf5() const { return hdf5_; }

 private:
  static void check(bool holds) {
    if (!holds) throw Failure("an HDF5 file could not be made");
  }
  hid_t create() const {
    constexpr std::size_t kGrowth = 1 << 20;
    const Handle access(hdf5_.create_properties(hdf5_.file_access), hdf5_.close_properties);
    check(hdf5_.keep_in_memory(access.id(), kGrowth, 0) >= 0);
    const hid_t file = hdf5_.create_file("chronotope", kHdf5Replace, H5P_DEFAULT, access.id());
    check(file >= 0);
    return file;
  }
  Handle space_of(const std::vector<std::uint64_t>& extents) const {
    const std::vector<hsize_t> all(extents.begin(), extents.end());
    Handle space(all.empty() ? hdf5_.create_space(H5S_SCALAR)
                             : hdf5_.create_simple_space(static_cast<int>(all.size()), all.data(), nullptr),
                 hdf5_.close_space);
    check(space.is_open());
    return space;
  }
  Handle text_type() const {
    Handle type(hdf5_.copy_type(hdf5_.text), hdf5_.close_type);
    check(hdf5_.set_size_of_type(type.id(), H5T_VARIABLE) >= 0 &&
          hdf5_.set_characters_of_type(type.id(), H5T_CSET_UTF8) >= 0);
    return type;
  }

  std::unique_lock<std::recursive_mutex> use_;
  const Hdf5Library& hdf5_ = hdf5_library();
  Handle file_;
};

Hdf5Image::Hdf5Image() : content_(std::make_unique<Content>()) {}
Hdf5Image::~Hdf5Image() = default;
void Hdf5Image::add_group(const std::string& path) { content_->add_group(path); }
void Hdf5Image::add_numbers(const std::string& path, std::span<const double> numbers,
                            const std::vector<std::uint64_t>& extents) {
  content_->add_data(path, content_->hdf5().native_double, numbers.data(), extents);
}
void Hdf5Image::add_indices(const std::string& path, std::span<const std::uint64_t> numbers,
                            const std::vector<std::uint64_t>& extents) {
  content_->add_data(path, content_->hdf5().native_uint64, numbers.data(), extents);
}
void Hdf5Image::add_texts(const std::string& path, const std::vector<std::string>& texts,
                          const std::vector<std::uint64_t>& extents) {
  content_->add_texts(path, texts, extents);
}
void Hdf5Image::set_text_attribute(const std::string& object, const std::string& attribute,
                                   const std::string& text) {
  content_->set_text_attribute(object, attribute, text);
}
void Hdf5Image::set_index_attribute(const std::string& object, const std::string& attribute,
                                    const std::vector<std::uint32_t>& numbers) {
  const bool is_one = numbers.size() == 1;
  content_->set_attribute(object, attribute, content_->hdf5().native_uint32, numbers.data(),
                          is_one ? std::vector<std::uint64_t>() : std::vector<std::uint64_t>{numbers.size()});
}
std::string Hdf5Image::bytes() { return content_->bytes(); }

}  // namespace chronotope::proto
