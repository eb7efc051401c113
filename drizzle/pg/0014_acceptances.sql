CREATE TABLE "never_acceptances" (
	"job_key" text NOT NULL,
	"person_id" text NOT NULL,
	"digest" text NOT NULL,
	"accepted_by" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "never_acceptances_job_key_person_id_pk" PRIMARY KEY("job_key","person_id")
);
