CREATE TABLE "installations" (
	"channel" text NOT NULL,
	"account" text NOT NULL,
	"sealed" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "installations_channel_account_pk" PRIMARY KEY("channel","account")
);
