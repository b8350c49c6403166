// SPDX-License-Identifier: MIT
#include "transport/ws_answer.hpp"

#include "messages/wire/names.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

namespace parlor::transport {

namespace {

/// FIN and opcode of control frames.
constexpr char close_head = char(0x88);
constexpr char pong_head = char(0x8A);

/// What a close frame has room for behind its code.
constexpr size_t max_reason = 123;

/// Looked up once: that takes longer than a digest.
const EVP_MD* sha1() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> found{
    EVP_MD_fetch(nullptr, "SHA1", nullptr), EVP_MD_free};
  return found.get();
}

/// Proof that the server has understood the request (RFC 6455 §1.3).
std::string accept_key(std::string key) {
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(key.data(), key.size(), digest.data(), &size, sha1(), nullptr)
      != 1)
    throw std::runtime_error{"OpenSSL has no SHA-1"};
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text;
  auto length = EVP_EncodeBlock(text.data(), digest.data(),
                                static_cast<int>(size));
  return {text.begin(), text.begin() + length};
}

} // namespace

std::string upgrade_answer(const accepted_upgrade& x) {
  auto result = "HTTP/1.1 101 Switching Protocols\r\n"
                "Server: parlor\r\n"
                "Upgrade: websocket\r\n"
                "Connection: Upgrade\r\n"
                "Sec-WebSocket-Accept: "
                + accept_key(x.key) + "\r\n";
  if (x.answered) {
    result += "Sec-WebSocket-Protocol: ";
    result += dialect_subprotocols[index_of(*x.answered)];
    result += "\r\n";
  }
  if (x.deflate)
    result += "Sec-WebSocket-Extensions: " + deflate_answer(*x.deflate)
              + "\r\n";
  return result += "\r\n";
}

std::string pong_frame(std::string_view payload) {
  std::string result{pong_head, static_cast<char>(payload.size())};
  return result += payload;
}

std::string close_frame(close_code code, std::string_view reason) {
  if (code == close_code::no_status)
    return {close_head, 0};
  reason = wire::beginning_of(reason, max_reason);
  auto number = static_cast<uint16_t>(code);
  std::string result{close_head, static_cast<char>(2 + reason.size()),
                     static_cast<char>(number >> 8),
                     static_cast<char>(number & 0xFF)};
  return result += reason;
}

} // namespace parlor::transport
