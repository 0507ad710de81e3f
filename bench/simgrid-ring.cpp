// A token ring in SimGrid: what bench/simgrid.ts compares with. An actor and a mailbox a node; the token bears a number. Prints the
// processor seconds of the simulation, and the simulated ones.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

namespace sg4 = simgrid::s4u;

static constexpr int TOKEN_BYTES = 64;

static void passOn(sg4::Mailbox* own, sg4::Mailbox* next, long rounds, bool isFirst) {
  if (isFirst) next->put(new long(0), TOKEN_BYTES);
  for (long round = 1; round <= rounds; round++) {
    long* token = own->get<long>();
    (*token)++;
    if (isFirst && round == rounds) delete token;
    else next->put(token, TOKEN_BYTES);
  }
}

int main(int argc, char** argv) {
  sg4::Engine engine(&argc, argv);
  const int nodes = std::atoi(argv[1]);
  const long rounds = std::atol(argv[2]);
  auto* zone = sg4::create_full_zone("ring");
  std::vector<sg4::Host*> hosts;
  for (int i = 0; i < nodes; i++) {
    hosts.push_back(zone->create_host("n" + std::to_string(i), "1Gf")->seal());
  }
  for (int i = 0; i < nodes; i++) {
    const auto* link =
        zone->create_link("l" + std::to_string(i), "1GBps")->set_latency("5ms")->seal();
    zone->add_route(hosts[i]->get_netpoint(), hosts[(i + 1) % nodes]->get_netpoint(), nullptr,
                    nullptr, {sg4::LinkInRoute(link)}, false);
  }
  zone->seal();
  std::vector<sg4::Mailbox*> boxes;
  for (int i = 0; i < nodes; i++) boxes.push_back(sg4::Mailbox::by_name("n" + std::to_string(i)));
  for (int i = 0; i < nodes; i++) {
    sg4::Actor::create("a" + std::to_string(i), hosts[i], passOn, boxes[i], boxes[(i + 1) % nodes],
                       rounds, i == 0);
  }
  const std::clock_t began = std::clock();
  engine.run();
  const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  std::printf("%.6f %.6f\n", seconds, sg4::Engine::get_clock());
  return 0;
}
