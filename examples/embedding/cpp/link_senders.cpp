// SPDX-License-Identifier: MIT
// A C++ tracer that uses spanlink for its links. The memory comes from a std::pmr resource, the
// links are read as a std::span of views, and their encoded fields are appended to the tracer's own
// Span.
//
//     link_senders <headers.tsv >request.pb
//
// Ownership: the resource owns the memory, `links` owns the list, and the list owns its links. The
// result of view() is valid until the list changes. Exceptions must not pass through C code, so the
// allocator catches them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <memory_resource>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <spanlink/spanlink.h>

namespace {

// Returns a block aligned as spanlink requires; nullptr if the resource has no memory.
extern "C" void *resource_allocate(void *resource, std::size_t size) {
    try {
        return static_cast<std::pmr::memory_resource *>(resource)->allocate(size);
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

extern "C" void resource_release(void *resource, void *block, std::size_t size) {
    static_cast<std::pmr::memory_resource *>(resource)->deallocate(block, size);
}

extern "C" void *resource_resize(void *resource, void *block, std::size_t old_size,
                                 std::size_t new_size) {
    void *moved = resource_allocate(resource, new_size);
    if (moved != nullptr) {
        std::memcpy(moved, block, old_size < new_size ? old_size : new_size);
        resource_release(resource, block, old_size);
    }
    return moved;
}

void must(spanlink_status status) {
    if (status != SPANLINK_OK) {
        throw std::runtime_error(spanlink_status_text(status));
    }
}

spanlink_str view_of(std::string_view text) {
    return spanlink_str_make(text.data(), text.size());
}

class links {
  public:
    // `resource` must outlive the list.
    explicit links(std::pmr::memory_resource *resource) {
        spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
        options.allocator = {resource, resource_allocate, resource_resize, resource_release};
        options.unique = true;
        spanlink_list *list = nullptr;
        must(spanlink_list_create(&options, &list));
        list_.reset(list);
    }

    // Adds a message's sender. The list copies it.
    spanlink_status add(std::string_view traceparent, std::string_view tracestate,
                        std::int64_t index) {
        spanlink_context sender;
        spanlink_status status =
            spanlink_context_from_headers(view_of(traceparent), view_of(tracestate), &sender);
        return status == SPANLINK_OK ? spanlink_list_add_batch_item(list_.get(), &sender, index)
                                     : status;
    }

    std::span<const spanlink_link> view() const {
        std::size_t count = 0;
        const spanlink_link *first = spanlink_list_links(list_.get(), &count);
        return {first, count};
    }

    // Appends the fields `links` and `dropped_links_count` of an OTLP Span.
    void append_to(std::pmr::string &encoded) const {
        std::size_t start = encoded.size(), written = 0;
        encoded.resize(start + spanlink_otlp_list_size(list_.get()));
        auto *to = reinterpret_cast<std::uint8_t *>(encoded.data() + start);
        must(spanlink_otlp_encode_list(list_.get(), to, encoded.size() - start, &written));
    }

  private:
    struct destroy {
        void operator()(spanlink_list *list) const {
            spanlink_list_destroy(list);
        }
    };
    std::unique_ptr<spanlink_list, destroy> list_;
};

// Appends a length-delimited protobuf field.
void append_field(std::pmr::string &message, unsigned number, std::string_view content) {
    message += static_cast<char>(number << 3 | 2);
    std::size_t length = content.size();
    for (; length >= 128; length >>= 7) {
        message += static_cast<char>(length | 128);
    }
    message += static_cast<char>(length);
    message += content;
}

std::pmr::string request_of(const links &senders, std::pmr::memory_resource *resource) {
    std::pmr::string span(resource), spans(resource), scopes(resource), request(resource);
    append_field(span, 1, "0123456789abcdef"); // a tracer puts its own ids here
    append_field(span, 2, "01234567");
    append_field(span, 5, "process_batch");
    senders.append_to(span);
    append_field(spans, 2, span);     // scope_spans { spans }
    append_field(scopes, 2, spans);   // resource_spans { scope_spans }
    append_field(request, 1, scopes); // the request { resource_spans }
    return request;
}

} // namespace

int main() {
    // Allocates from a buffer first, then from the heap; releases everything at once.
    std::array<std::byte, 16384> buffer;
    std::pmr::monotonic_buffer_resource memory(buffer.data(), buffer.size());
    links senders(&memory);
    std::string line;
    for (std::int64_t index = 0; std::getline(std::cin, line); index++) {
        std::string_view text = line;
        std::size_t tab = text.find('\t');
        std::string_view state = tab == text.npos ? std::string_view() : text.substr(tab + 1);
        spanlink_status status = senders.add(text.substr(0, tab), state, index);
        if (status != SPANLINK_OK) {
            std::cerr << "message " << index << ": " << spanlink_status_text(status) << '\n';
        }
    }
    auto sampled = std::ranges::count_if(senders.view(), [](const spanlink_link &link) {
        return spanlink_context_is_sampled(&link.context);
    });
    std::cerr << senders.view().size() << " links, " << sampled << " of sampled spans\n";
    std::cout << request_of(senders, &memory);
}
