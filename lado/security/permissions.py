"""What can be permitted, as subject and verb, in alphabetical order."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that someone may do."""

    ACCOUNT_MANAGE = "account:manage"
    ACTION_COMPLETE = "action:complete"
    COVER_ARRANGE = "cover:arrange"
    COVER_READ = "cover:read"
    DRAFT_KEEP = "draft:keep"
    ESCALATION_CLIMB = "escalation:climb"
    ESCALATION_READ = "escalation:read"
    MAIL_READ = "mail:read"
    NOTICE_SEND = "notice:send"
    PORTAL_READ = "portal:read"
    RECORD_VERIFY = "record:verify"
    REFERRAL_ASSIGN = "referral:assign"
    REFERRAL_CLOSE = "referral:close"
    REFERRAL_CREATE = "referral:create"
    REFERRAL_DECIDE = "referral:decide"
    REFERRAL_LIST = "referral:list"
    REFERRAL_NOTE = "referral:note"
    REFERRAL_READ = "referral:read"
    REFERRAL_REOPEN = "referral:reopen"
    REFERRAL_TRANSFER = "referral:transfer"
    REFERRAL_WORK = "referral:work"
    RULES_READ = "rules:read"
    SESSION_END = "session:end"
