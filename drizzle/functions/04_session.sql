-- Both sides agree to the hours: voucher posted at the actual share (deduct) or left earmarked for
-- the claim (refund), remainder billed, session and booking closed. One act, all or nothing.
create or replace function agree_session(
  p_session uuid, p_total bigint, p_voucher bigint, p_bill bigint, p_price jsonb,
    p_now timestamptz, p_actor uuid
) returns uuid
language plpgsql as $$
declare
  agreed sessions;
  booking bookings;
  bill_id uuid;
  is_deduct boolean;
begin
  update sessions set state = 'agreed', agreed_at = p_now, agreed_by = p_actor, total_fen = p_total,
      voucher_fen = p_voucher
    where id = p_session and state = 'finished' returning * into agreed;
  if not found then perform refuse('session.wrong_state'); end if;
  perform move_booking(agreed.booking_id, array['finished'], 'closed', 'session.agreed', p_now,
    p_actor);
  select * into booking from bookings where id = agreed.booking_id;
  if p_voucher > booking.voucher_fen then perform refuse('voucher.quota_too_low'); end if;
  select mode = 'deduct' into is_deduct from programmes where id = booking.programme_id;
  if booking.earmark_id is not null and (is_deduct or p_voucher = 0) then
    perform resolve_earmark(booking.earmark_id, p_voucher, p_now, p_actor);
  end if;
  insert into bills (number, booking_id, enterprise_id, institution_id, state, amount_fen, price,
    issued_at)
    values (next_number('ZD', 'bill_number_seq', p_now), booking.id, booking.enterprise_id,
      booking.institution_id, case when p_bill = 0 then 'paid' else 'issued' end, p_bill, p_price,
        p_now)
    returning id into bill_id;
  perform record_event('bill.issued', p_now, p_actor, bill_id, booking.id);
  return bill_id;
end $$;

-- Money arrived: the receipt is kept, the bill knows what is still due.
create or replace function confirm_receipt(
  p_bill uuid, p_amount bigint, p_reference text, p_received_on date, p_now timestamptz,
    p_actor uuid
) returns uuid
language plpgsql as $$
declare
  bill bills;
  receipt_id uuid;
begin
  select * into bill from bills where id = p_bill for no key update;
  if not found then perform refuse('charging.no_such_bill'); end if;
  if bill.state not in ('issued', 'partly_paid')
    then perform refuse('charging.bill_closed'); end if;
  if p_amount > bill.amount_fen - bill.paid_fen
    then perform refuse('charging.amount_over_bill'); end if;
  insert into receipts (bill_id, institution_id, amount_fen, reference, received_on, confirmed_by,
    at)
    values (p_bill, bill.institution_id, p_amount, p_reference, p_received_on, p_actor, p_now)
    returning id into receipt_id;
  update bills set paid_fen = paid_fen + p_amount,
      state = case when paid_fen + p_amount = amount_fen then 'paid' else 'partly_paid' end
    where id = p_bill;
  perform record_event('bill.receipt_confirmed', p_now, p_actor, p_bill, bill.booking_id);
  return receipt_id;
end $$;
