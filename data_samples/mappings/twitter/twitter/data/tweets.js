window.YTD.tweets.part0 = [
 {
  "tweet": {
   "id_str": "1764000000000000000",
   "id": "1764000000000000000",
   "created_at": "Mon Mar 04 13:28:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000001000",
   "id": "1764000000000001000",
   "created_at": "Tue Mar 05 00:17:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1",
   "in_reply_to_status_id_str": "1763000000000000001",
   "in_reply_to_user_id_str": "77"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000002000",
   "id": "1764000000000002000",
   "created_at": "Tue Mar 05 06:21:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000003000",
   "id": "1764000000000003000",
   "created_at": "Tue Mar 05 20:19:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000004000",
   "id": "1764000000000004000",
   "created_at": "Wed Mar 06 04:50:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000005000",
   "id": "1764000000000005000",
   "created_at": "Thu Mar 07 03:14:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1",
   "in_reply_to_status_id_str": "1763000000000000005",
   "in_reply_to_user_id_str": "77"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000006000",
   "id": "1764000000000006000",
   "created_at": "Thu Mar 07 20:02:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000007000",
   "id": "1764000000000007000",
   "created_at": "Fri Mar 08 03:01:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000008000",
   "id": "1764000000000008000",
   "created_at": "Fri Mar 08 19:00:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000009000",
   "id": "1764000000000009000",
   "created_at": "Fri Mar 08 20:30:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1",
   "in_reply_to_status_id_str": "1763000000000000009",
   "in_reply_to_user_id_str": "77"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000010000",
   "id": "1764000000000010000",
   "created_at": "Sat Mar 09 08:27:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000011000",
   "id": "1764000000000011000",
   "created_at": "Sun Mar 10 07:41:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000012000",
   "id": "1764000000000012000",
   "created_at": "Sun Mar 10 09:45:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000013000",
   "id": "1764000000000013000",
   "created_at": "Mon Mar 11 01:17:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1",
   "in_reply_to_status_id_str": "1763000000000000013",
   "in_reply_to_user_id_str": "77"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000014000",
   "id": "1764000000000014000",
   "created_at": "Mon Mar 11 06:56:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000015000",
   "id": "1764000000000015000",
   "created_at": "Tue Mar 12 03:47:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000016000",
   "id": "1764000000000016000",
   "created_at": "Tue Mar 12 03:57:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000017000",
   "id": "1764000000000017000",
   "created_at": "Tue Mar 12 21:50:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1",
   "in_reply_to_status_id_str": "1763000000000000017",
   "in_reply_to_user_id_str": "77"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000018000",
   "id": "1764000000000018000",
   "created_at": "Wed Mar 13 22:08:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000019000",
   "id": "1764000000000019000",
   "created_at": "Thu Mar 14 03:05:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000020000",
   "id": "1764000000000020000",
   "created_at": "Fri Mar 15 03:14:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000021000",
   "id": "1764000000000021000",
   "created_at": "Fri Mar 15 10:36:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1",
   "in_reply_to_status_id_str": "1763000000000000021",
   "in_reply_to_user_id_str": "77"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000022000",
   "id": "1764000000000022000",
   "created_at": "Fri Mar 15 18:25:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 },
 {
  "tweet": {
   "id_str": "1764000000000023000",
   "id": "1764000000000023000",
   "created_at": "Sat Mar 16 11:20:00 +0000 2024",
   "full_text": "SECRET tweet",
   "favorite_count": "3",
   "retweet_count": "1"
  }
 }
]