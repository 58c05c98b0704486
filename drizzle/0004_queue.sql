ALTER TABLE "event_queue" DROP CONSTRAINT "event_queue_event_id_events_id_fk";
