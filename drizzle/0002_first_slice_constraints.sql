-- What must hold for every row, for ever, and that the schema cannot say.

create sequence booking_number_seq;
--> statement-breakpoint
create sequence bill_number_seq;
--> statement-breakpoint
create sequence claim_number_seq;
--> statement-breakpoint
create sequence batch_number_seq;
--> statement-breakpoint
create sequence instrument_number_seq;
--> statement-breakpoint
-- 同一台仪器同一时刻只能有一个有效占用. Half-open, so back-to-back slots do not touch.
alter table occupancies add constraint occupancies_no_overlap
  exclude using gist (instrument_id with =, occupied with &&);
--> statement-breakpoint
-- Deferred: the booking function takes the time first and writes the booking after it.
alter table occupancies
  add constraint occupancies_booking_fk foreign key (booking_id) references bookings (id)
    on delete cascade deferrable initially deferred,
  add constraint occupancies_outage_fk foreign key (outage_id) references outages (id)
    on delete cascade deferrable initially deferred;
--> statement-breakpoint
-- Actual times of one instrument never overlap either; an unfinished session runs to infinity, so one at a time.
alter table sessions add constraint sessions_no_overlap
  exclude using gist (instrument_id with =, tstzrange(starts_at, coalesce(ends_at, 'infinity')) with &&);
--> statement-breakpoint
-- One tariff version per tier and day.
alter table tariffs add constraint tariffs_no_overlap
  exclude using gist (instrument_id with =, tier with =,
    daterange(effective_from, effective_to, '[]') with &&);
--> statement-breakpoint
alter table bills add constraint bills_booking_fk foreign key (booking_id) references bookings (id) on delete restrict;
--> statement-breakpoint
alter table agreements add constraint agreements_booking_fk
  foreign key (booking_id) references bookings (id) on delete cascade;
--> statement-breakpoint
alter table acknowledgements add constraint acknowledgements_booking_fk
  foreign key (booking_id) references bookings (id) on delete cascade;
--> statement-breakpoint
alter table transfers
  add constraint transfers_resolves_fk foreign key (resolves_id) references transfers (id) on delete restrict,
  add constraint transfers_booking_fk foreign key (booking_id) references bookings (id) on delete restrict,
  add constraint transfers_claim_fk foreign key (claim_id) references claims (id) on delete restrict,
  add constraint transfers_payment_fk foreign key (payment_id) references payments (id) on delete restrict;
--> statement-breakpoint
insert into clock (one, offset_ms) values (1, 0);
