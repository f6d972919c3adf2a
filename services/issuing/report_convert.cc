// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/report_convert.h"

namespace puhui::services {

v1::Figures ToMessage(const ledger::CampaignFigures& figures, const issuing::Participants& people) {
  v1::Figures message;
  message.set_granted_points(figures.granted);
  message.set_available_points(figures.available);
  message.set_held_points(figures.held);
  message.set_spent_points(figures.spent);
  message.set_refunded_points(figures.refunded);
  message.set_expired_points(figures.expired);
  message.set_clawed_back_points(figures.clawed_back);
  message.set_returned_points(figures.returned);
  message.set_donated_points(figures.donated);
  message.set_grants(figures.grants);
  message.set_grants_spent(figures.grants_spent);
  message.set_members_received(people.received);
  message.set_members_spent(people.spent);
  return message;
}

}  // namespace puhui::services
