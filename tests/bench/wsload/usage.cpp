// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/options.hpp"

namespace parlor::bench::wsload {

const char* const usage
  = "wsload --mode fanout|pingpong|connect|idle|churn"
    " --url ws://A.B.C.D:PORT/path/{id}\n"
    "  templates may hold {id} {room} {seq} {ts} {pid} {peer} {stamp}"
    " {content:N}, and \\r \\n \\\\ escapes\n"
    "  --send-on-open T      (repeatable) sent after the handshake\n"
    "  --on-prefix 'P=>T'    (repeatable) when a frame starts with P: send T"
    " (once per connection and rule)\n"
    "  --text-reply 'A=B'    (repeatable) when a whole frame equals A: send B"
    " (always)\n"
    "  --ready-marker S      a connection is ready once it has received a"
    " frame holding S (else: --settle)\n"
    "  --publish T           the message; must hold {stamp} or {content:N}\n"
    "  --expect-marker S     bytes that start a stamp (default @@)"
    "   --multi: several stamps per frame\n"
    "  --binary  --subprotocol S  --header 'K: V'"
    "  --src a,b,c | --src-count K (127.0.0.2...)\n"
    "  fanout:   --rooms R --members M --publishers P"
    "  --window W [--window-by own|all] | --rate MSGS_PER_S_TOTAL\n"
    "  pingpong: --pairs N --window W | --rate TOTAL\n"
    "            --rounds N: N windows of each publisher instead of by time;"
    " the server is stopped while they are sent\n"
    "  connect:  --conns N --concurrency C\n"
    "  idle:     --conns N --concurrency C --hold S\n"
    "  churn:    --slots N --messages K [--churn-recv K]"
    " --close rst|fin|mix|clean\n"
    "  common:   --warmup S --duration S --drain S --settle S"
    " --server-pid P[,P] --server-core C --cpu C\n"
    "            --spin (busy-poll: the server never pays for waking this"
    " process) --label TEXT --lat-sample N\n";

} // namespace parlor::bench::wsload
