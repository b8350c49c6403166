// SPDX-License-Identifier: MIT
#include "app/settings.hpp"

#include "app/options.hpp"
#include "tests/app/temporary_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_certificate.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace parlor;
using namespace std::chrono_literals;
using arguments = std::vector<std::string>;
using test::temporary_file;

settings accepted(const arguments& args) {
  auto result = parse(args);
  if (auto exit = std::get_if<early_exit>(&result))
    FAIL("refused: " << exit->text);
  return std::get<settings>(result);
}

early_exit ended(const arguments& args) {
  auto result = parse(args);
  if (std::holds_alternative<settings>(result))
    FAIL("the service would start");
  return std::get<early_exit>(result);
}

std::string printed(const arguments& args) {
  auto exit = ended(args);
  CHECK(exit.code == 0);
  return exit.text;
}

std::string refusal(const arguments& args) {
  auto exit = ended(args);
  CHECK(exit.code != 0);
  CHECK(exit.text.starts_with("parlor: "));
  CHECK(exit.text.ends_with('\n'));
  return exit.text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string dump(const arguments& args = {}) {
  auto all = args;
  all.push_back("--dump-config");
  return printed(all);
}

/// Every key with a value other than its default, and without.
const arguments all_changed{
  "--server.host=::1",
  "--server.port=0",
  "--server.threads=3",
  "--server.insecure",
  "--server.trusted-proxies=127.0.0.1,10.0.0.0/8",
  "--tls.certificate=/certificate",
  "--tls.key=/certificate-key",
  "--limits.max-connections=10",
  "--limits.max-connections-per-user=1",
  "--limits.per-user-policy=reject-new",
  "--limits.rooms-per-connection=2",
  "--limits.members-per-room=3",
  "--limits.rooms=4",
  "--limits.members-listed=5",
  "--limits.members-announced=6",
  "--limits.message-bytes=7",
  "--limits.json-depth=8",
  "--limits.messages-per-second=9",
  "--limits.message-burst=11",
  "--limits.errors=12",
  "--limits.outbox-bytes=2048",
  "--limits.outboxes-bytes=65536",
  "--limits.outbox-stall=1ms",
  "--limits.handshake-timeout=1500ms",
  "--limits.http-idle=90min",
  "--history.size=0",
  "--history.ttl=10s",
  "--history.room-bytes=4096",
  "--history.total-bytes=131072",
  "--presence.grace=5s",
  "--heartbeat.interval=2h",
  "--heartbeat.timeout=24h",
  "--origins.allow=https://a.example,*",
  "--auth.algorithm=HS256",
  "--auth.key-file=/key",
  "--auth.issuer=https://login.example",
  "--auth.audience=chat",
  "--auth.hello-timeout=3s",
  "--admin.token-file=/a \"b\\c",
  "--admin.host=::1",
  "--admin.port=0",
  "--api.sender=the house",
  "--dialect.ws=text",
  "--compression.enabled",
  "--echo.enabled",
  "--drain.notice=2s",
  "--drain.timeout=5min",
  "--drain.rate=20",
  "--log.level=debug",
  "--log.format=json",
  "--cluster.node=a.B_c-9",
  "--cluster.provider=static",
  "--cluster.host=127.0.0.2",
  "--cluster.port=5401",
  "--cluster.peers=b@10.0.0.2:1,a.B_c-9@127.0.0.2:5401",
  "--openssl.cafile=/ca",
  "--openssl.certificate=/crt",
  "--openssl.key=/key",
  "--cluster.insecure-loopback",
  "--cluster.etcd-endpoints=http://127.0.0.1:2379,"
  "https://etcd.example:2379",
  "--cluster.prefix=/chat",
  "--cluster.ttl=3s",
  "--cluster.etcd-ca-file=/e.ca",
  "--cluster.etcd-certificate-file=/e.crt",
  "--cluster.etcd-key-file=/e.key"};

} // namespace

TEST_CASE("without options the settings are the defaults") {
  auto x = accepted({});
  CHECK(x.host == "127.0.0.1");
  CHECK(x.port == 8080);
  CHECK(x.threads == 0);
  CHECK_FALSE(x.insecure);
  CHECK(x.limits.message_bytes == 65536);
  CHECK(x.limits.history_size == 256);
  CHECK(x.limits.history_ttl == 5min);
  CHECK(x.limits.history_room_bytes == 1048576);
  CHECK(x.limits.history_total_bytes == 268435456);
  CHECK(x.limits.presence_grace == 0s);
  CHECK(x.limits.heartbeat_interval == 15s);
  CHECK(x.origins.empty());
  CHECK(x.algorithm == token_algorithm::none);
  CHECK(x.limits.hello_timeout == 10s);
  CHECK(x.admin_token.empty());
  CHECK(x.api_sender == "server");
  CHECK(x.ws_dialect == dialect::typed);
  CHECK_FALSE(x.compression);
  CHECK_FALSE(x.echo);
  CHECK(x.drain_timeout == 30s);
  CHECK(x.limits.drain_rate == 500);
  CHECK(x.log.threshold == log::level::info);
  CHECK(x.log.style == log::format::text);
  CHECK(x.cluster.node == "local");
  CHECK(x.cluster.provider == cluster_provider::none);
  CHECK(x.cluster.prefix == "/parlor");
  CHECK(x.cluster.ttl == 2s);
}

TEST_CASE("every key can be set on the command line") {
  auto args = all_changed;
  temporary_file token{"0123456789abcdef\n"};
  args.push_back("--admin.token-file=" + token.path());
  temporary_file key{std::string(32, 'k') + "\n"};
  args.push_back("--auth.key-file=" + key.path());
  temporary_file certificate{test::certificate_pem};
  args.push_back("--tls.certificate=" + certificate.path());
  temporary_file certificate_key{test::certificate_key_pem};
  args.push_back("--tls.key=" + certificate_key.path());
  args.push_back("--openssl.cafile=" + certificate.path());
  args.push_back("--openssl.certificate=" + certificate.path());
  args.push_back("--openssl.key=" + certificate_key.path());
  auto x = accepted(args);
  CHECK(x.trusted_proxies
        == std::vector<std::string>{"127.0.0.1", "10.0.0.0/8"});
  CHECK(x.certificate_file == certificate.path());
  CHECK(x.certificate_key_file == certificate_key.path());
  CHECK(x.tls != nullptr);
  CHECK(x.host == "::1");
  CHECK(x.port == 0);
  CHECK(x.threads == 3);
  CHECK(x.insecure);
  CHECK(x.limits.max_connections == 10);
  CHECK(x.limits.max_connections_per_user == 1);
  CHECK(x.limits.policy == per_user_policy::reject_new);
  CHECK(x.limits.rooms_per_connection == 2);
  CHECK(x.limits.members_per_room == 3);
  CHECK(x.limits.rooms == 4);
  CHECK(x.limits.members_listed == 5);
  CHECK(x.limits.members_announced == 6);
  CHECK(x.limits.message_bytes == 7);
  CHECK(x.limits.json_depth == 8);
  CHECK(x.limits.messages_per_second == 9);
  CHECK(x.limits.message_burst == 11);
  CHECK(x.limits.errors == 12);
  CHECK(x.limits.outbox_bytes == 2048);
  CHECK(x.limits.outboxes_bytes == 65536);
  CHECK(x.limits.outbox_stall == 1ms);
  CHECK(x.limits.handshake_timeout == 1500ms);
  CHECK(x.limits.http_idle == 90min);
  CHECK(x.limits.history_size == 0);
  CHECK(x.limits.history_ttl == 10s);
  CHECK(x.limits.history_room_bytes == 4096);
  CHECK(x.limits.history_total_bytes == 131072);
  CHECK(x.limits.presence_grace == 5s);
  CHECK(x.limits.heartbeat_interval == 2h);
  CHECK(x.limits.heartbeat_timeout == 24h);
  CHECK(x.origins == arguments{"https://a.example", "*"});
  CHECK(x.algorithm == token_algorithm::hs256);
  CHECK(x.key == std::string(32, 'k'));
  CHECK(x.limits.hello_timeout == 3s);
  CHECK(x.admin_token == "0123456789abcdef");
  CHECK(x.api_sender == "the house");
  CHECK(x.ws_dialect == dialect::text);
  CHECK(x.compression);
  CHECK(x.echo);
  CHECK(x.drain_timeout == 5min);
  CHECK(x.limits.drain_rate == 20);
  CHECK(x.log.threshold == log::level::debug);
  CHECK(x.log.style == log::format::json);
  CHECK(x.cluster.node == "a.B_c-9");
  CHECK(x.cluster.provider == cluster_provider::fixed);
  CHECK(x.cluster.host == "127.0.0.2");
  CHECK(x.cluster.port == 5401);
  CHECK(x.cluster.peers == arguments{"b@10.0.0.2:1", "a.B_c-9@127.0.0.2:5401"});
  CHECK(x.cluster.ca_file == certificate.path());
  CHECK(x.cluster.certificate_file == certificate.path());
  CHECK(x.cluster.key_file == certificate_key.path());
  CHECK(x.cluster.insecure_loopback);
  CHECK(x.cluster.etcd_endpoints
        == arguments{"http://127.0.0.1:2379", "https://etcd.example:2379"});
  CHECK(x.cluster.prefix == "/chat");
  CHECK(x.cluster.ttl == 3s);
  CHECK(x.cluster.etcd_ca_file == "/e.ca");
  CHECK(x.cluster.etcd_certificate_file == "/e.crt");
  CHECK(x.cluster.etcd_key_file == "/e.key");
}

TEST_CASE("the dump of any configuration is read back as the same") {
  for (const auto& args : {arguments{}, all_changed}) {
    auto text = dump(args);
    temporary_file file{text};
    CHECK(dump({"--config-file=" + file.path()}) == text);
  }
}

TEST_CASE("the dump of a changed configuration differs in every key") {
  std::istringstream before{dump()};
  std::istringstream after{dump(all_changed)};
  std::string x;
  std::string y;
  while (std::getline(before, x) && std::getline(after, y))
    if (contains(x, "="))
      CHECK(x != y);
}

TEST_CASE("the commented default file yields exactly the defaults") {
  auto option = std::string{"--config-file="} + PARLOR_DEFAULT_INI;
  CHECK(dump({option}) == dump());
  CHECK(printed({option, "--check-config"}) == "configuration ok\n");
}

TEST_CASE("the command line wins over the file") {
  temporary_file file{"[server]\nport = 1\nthreads = 2\n"
                      "[origins]\nallow = [\"https://file.example\"]\n"};
  auto x = accepted({"--server.port=3", "--config-file=" + file.path(),
                     "--origins.allow=https://line.example"});
  CHECK(x.port == 3);
  CHECK(x.threads == 2);
  CHECK(x.origins == arguments{"https://line.example"});
}

TEST_CASE("of an option that is given twice the last one counts") {
  CHECK(accepted({"--server.port=1", "--server.port=2"}).port == 2);
}

TEST_CASE("the help has every key with its default, in 80 columns") {
  auto text = printed({"--help", "--server.port=99"});
  for (const auto& arg : all_changed)
    CHECK(contains(text, arg.substr(0, arg.find('='))));
  for (auto name : {"--help", "--version", "--config-file=FILE",
                    "--dump-config", "--check-config"})
    CHECK(contains(text, name));
  CHECK(contains(text, "--server.port=8080"));
  CHECK(contains(text, "0 to 65535"));
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    CHECK(line.size() <= 80);
}

TEST_CASE("the version is one line") {
  auto text = printed({"--version"});
  CHECK(text.starts_with("parlor "));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(std::isdigit(static_cast<unsigned char>(text.at(7))));
}

TEST_CASE("a wrong option is refused and named") {
  for (std::string arg : {"--server.nonsense=1",
                          "--nonsense",
                          "--nonsense=1",
                          "-x",
                          "--server.port=70000",
                          "--server.port=-1",
                          "--server.port=x",
                          "--server.port=",
                          "--server.port",
                          "--server.port=1.5",
                          "--server.threads=65",
                          "--limits.max-connections=many",
                          "--limits.message-bytes=0",
                          "--limits.message-bytes=16777217",
                          "--limits.json-depth=99999999999999999999",
                          "--limits.json-depth=9223372036854775808",
                          "--limits.json-depth=0",
                          "--limits.json-depth=1001",
                          "--limits.messages-per-second=4294967297",
                          "--limits.outbox-stall=soon",
                          "--limits.outbox-stall=5",
                          "--limits.outbox-stall=-5s",
                          "--limits.outbox-stall=0s",
                          "--limits.http-idle=25h",
                          "--history.size=1000001",
                          "--history.ttl=0s",
                          "--history.total-bytes=1024",
                          "--presence.grace=-1s",
                          "--limits.per-user-policy=sometimes",
                          "--api.sender=",
                          "--api.sender=a\nb",
                          "--dialect.ws=action",
                          "--log.level=loud",
                          "--log.format=xml",
                          "--server.host=256.1.1.1",
                          "--server.host=example.org",
                          "--origins.allow=example.org",
                          "--origins.allow=https://a/b",
                          "--cluster.node=a/b",
                          "--cluster.provider=raft",
                          "--cluster.host=127.0.0.1:1",
                          "--cluster.host=node-1",
                          "--cluster.host=0.0.0.0",
                          "--server.host=224.0.0.1",
                          "--cluster.port=0",
                          "--cluster.peers=a",
                          "--cluster.peers=a@b",
                          "--cluster.peers=a/b@c:1",
                          "--cluster.insecure-loopback=true",
                          "--cluster.etcd-endpoints=127.0.0.1:2379",
                          "--cluster.etcd-endpoints=http://a:1/v3",
                          "--cluster.prefix=parlor",
                          "--cluster.prefix=/",
                          "--cluster.prefix=/a/",
                          "--cluster.ttl=1s",
                          "--cluster.ttl=11min",
                          "--server.insecure=false",
                          "--help=1",
                          "--caf#server.port=1",
                          "--config-file"}) {
    auto text = refusal({arg});
    INFO(text);
    CHECK(contains(text, arg.substr(0, arg.find('='))));
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  }
  refusal({"--cluster.node=" + std::string(65, 'a')});
}

TEST_CASE("no number is taken for what is left of it once it has wrapped") {
  settings defaults;
  configuration config{defaults};
  for (auto& row : config.all()) {
    auto digits = row.takes.find_first_of("0123456789") == 0;
    if (!digits || !contains(row.takes, " to ") || contains(row.takes, " of "))
      continue;
    for (std::string number :
         {"18446744073709551617", "18446744073709555716",
          "-9223372036854775809", "0x10000000000001000", "5124096h",
          "-5124095h", "307445735min", "18446744074s", "18446744073710ms"}) {
      auto arg = "--" + row.key + '=' + number;
      CHECK(refusal({arg})
            == "parlor: " + arg + ": expected " + row.expected() + '\n');
      CHECK(refusal({arg, "--" + row.key + '=' + row.value()}).size() > 0);
    }
  }
}

TEST_CASE("a single dash behind two is refused") {
  CHECK(contains(refusal({"--", "-"}), "unknown option -"));
  CHECK(contains(refusal({"--", "-p"}), "unknown option -p"));
}

TEST_CASE("CAF's own options are no options of ours") {
  for (std::string arg :
       {"--scheduler.policy=sharing", "--scheduler.max-threads=1",
        "--stream.desired-batch-complexity=1us", "--logger.verbosity=trace",
        "--middleman.app-identifier=x", "--openssl.passphrase=x",
        "--work-stealing.relaxed-sleep-duration=1us"})
    CHECK(contains(refusal({arg}), "unknown option " + arg));
}

TEST_CASE("a stray word is refused") {
  CHECK(contains(refusal({"--server.port=1", "8080"}), "8080"));
  refusal({"--server.port", "8080"});
  refusal({"-"});
}

TEST_CASE("what contradicts another value is refused") {
  CHECK(contains(refusal({"--heartbeat.interval=30s"}), "heartbeat.timeout"));
  CHECK(
    contains(refusal({"--limits.message-burst=0"}), "limits.message-burst"));
  accepted({"--limits.message-burst=0", "--limits.messages-per-second=0"});
}

TEST_CASE("administrators may have a port of their own") {
  CHECK_FALSE(accepted({}).admin_port);
  auto here = accepted({"--admin.port=9090"});
  CHECK(here.admin_port == 9090);
  CHECK(here.admin_address() == "127.0.0.1");
  CHECK(accepted({"--admin.port=0"}).admin_port == 0);
  CHECK_FALSE(accepted({"--admin.port=none"}).admin_port);
  CHECK(accepted({"--admin.host=::1", "--admin.port=1"}).admin_address()
        == "::1");
  CHECK(contains(refusal({"--admin.host=::1"}), "admin.port is missing"));
  CHECK(contains(refusal({"--admin.port=8080"}), "server.port, too"));
  accepted({"--admin.port=8080", "--server.host=127.0.0.2"});
  for (auto* bad : {"65536", "-1", "", "some"})
    CHECK(contains(refusal({std::string{"--admin.port="} + bad}),
                   "none, 0 to 65535"));
  CHECK(contains(refusal({"--admin.host=localhost", "--admin.port=1"}),
                 "admin.host"));
}

TEST_CASE("a public port for administrators needs a token") {
  for (std::string host : {"0.0.0.0", "::", "192.0.2.1"}) {
    arguments args{"--admin.port=1", "--admin.host=" + host};
    CHECK(contains(refusal(args), "admin.token-file"));
    args.push_back("--server.insecure");
    CHECK(accepted(args).admin_address() == host);
    temporary_file token{"0123456789abcdef"};
    args.back() = "--admin.token-file=" + token.path();
    CHECK(accepted(args).admin_address() == host);
  }
}

TEST_CASE("a public address needs courage while there is no authentication") {
  for (std::string host : {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1",
                           "::ffff:192.0.2.1", "128.0.0.1"}) {
    CHECK(contains(refusal({"--server.host=" + host}), "--server.insecure"));
    CHECK(accepted({"--server.host=" + host, "--server.insecure"}).host
          == host);
  }
  for (std::string host : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"})
    accepted({"--server.host=" + host});
}

TEST_CASE("the admin token comes from its file, and a bad one is refused") {
  temporary_file token{"short\n"};
  auto option = "--admin.token-file=" + token.path();
  for (const arguments& args :
       {arguments{option}, arguments{option, "--check-config"}}) {
    auto text = refusal(args);
    CHECK(contains(text, "admin.token-file"));
    CHECK_FALSE(contains(text, "short"));
  }
  CHECK_FALSE(contains(dump({option}), "short"));
}

TEST_CASE("a certificate needs its key, and both are looked at") {
  temporary_file certificate{test::certificate_pem};
  temporary_file key{test::certificate_key_pem};
  temporary_file nonsense{"nonsense"};
  auto with = [](const temporary_file& one, const temporary_file& two) {
    return arguments{"--tls.certificate=" + one.path(),
                     "--tls.key=" + two.path()};
  };
  CHECK(accepted(with(certificate, key)).tls != nullptr);
  CHECK(accepted({}).tls == nullptr);
  CHECK(contains(refusal({"--tls.certificate=" + certificate.path()}),
                 "tls.key is missing"));
  CHECK(contains(refusal({"--tls.key=" + key.path()}),
                 "tls.certificate is missing"));
  CHECK(contains(refusal(with(nonsense, key)),
                 "tls.certificate " + nonsense.path() + " holds no"));
  CHECK(contains(refusal(with(certificate, nonsense)),
                 "tls.key " + nonsense.path() + " holds no"));
  auto both = refusal({"--tls.certificate=/nowhere/a", "--tls.key=/nowhere/b"});
  CHECK(contains(both, "tls.certificate /nowhere/a cannot be read"));
  CHECK(contains(both, "tls.key /nowhere/b cannot be read"));
  std::filesystem::permissions(key.path(), std::filesystem::perms{0644});
  CHECK(contains(refusal(with(certificate, key)), "is open to everyone"));
}

TEST_CASE("tokens need an algorithm and a key that fits it") {
  temporary_file key{std::string(32, 'k')};
  auto option = "--auth.key-file=" + key.path();
  CHECK(contains(refusal({option}), "auth.algorithm is missing"));
  CHECK(
    contains(refusal({"--auth.algorithm=HS256"}), "auth.key-file is missing"));
  CHECK(
    contains(refusal({"--auth.algorithm=HS257", option}), "auth.algorithm"));
  for (std::string algorithm : {"RS256", "ES256"}) {
    auto text = refusal({"--auth.algorithm=" + algorithm, option});
    CHECK(contains(text, "must hold a public key in PEM"));
    CHECK_FALSE(contains(text, "kkk"));
  }
  accepted({"--auth.algorithm=HS256", option});
  accepted({"--auth.algorithm=HS256", option, "--server.host=0.0.0.0"});
  for (auto mode : {0604, 0602}) {
    std::filesystem::permissions(key.path(),
                                 std::filesystem::perms{unsigned(mode)});
    CHECK(contains(refusal({"--auth.algorithm=HS256", option}), "chmod o-rw"));
  }
  CHECK(contains(refusal({"--auth.algorithm=HS256", option + ".no"}),
                 "cannot be read"));
}

TEST_CASE("no file is read that was not asked for") {
  temporary_file file{""};
  auto before = std::filesystem::current_path();
  std::filesystem::current_path(file.directory());
  std::ofstream{"caf-application.ini"} << "[server]\nport = 1\n";
  auto port = accepted({}).port;
  std::filesystem::current_path(before);
  CHECK(port == 8080);
}
