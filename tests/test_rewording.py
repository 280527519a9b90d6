"""The second look at a small model's words; the wrong ones are its own, from the open cases."""

import pytest

from poa.rewording import what_changed

RIGHT = [
    (
        "Our clerk asked fourteen buyers to remove their reviews.",
        "Fourteen buyers were asked by our clerk to remove their reviews.",
    ),
    (
        "We asked a buyer to change the review before the refund. Our clerk did this on May 2, 2024 by e-mail.",
        "We asked a buyer to change the review before the refund. It was done by our clerk, by e-mail, on May 2, 2024.",
    ),
    (
        "Our clerk asked the buyer who complained. This was done by e-mail.",
        "By e-mail, our clerk asked the buyer who complained.",
    ),
    (
        "On May 16, 2024, we had the gift page taken offline and ended our contract with PixelHarbor Web Agency.",
        "We took the gift page offline and ended our contract with PixelHarbor Web Agency on May 16, 2024.",
    ),
    (
        "We did not engage any third party to obtain or to influence reviews.",
        "No third party was involved in obtaining or influencing reviews.",
    ),
    (
        "Starting on July 1, 2024, our compliance officer will see to it that a sample of 50 sent messages is checked.",
        "Our compliance officer will make sure that a sample of 50 sent messages is checked from July 1, 2024 onwards.",
    ),
    ("We sent a letter to every buyer on May 2, 2024.", "On May 2, 2024, we sent all buyers a letter."),
    (
        "Nobody except our customer support representative saw our messages to buyers before they were sent.",
        "Only our customer support representative saw our messages to buyers before they were sent.",
    ),
    (
        "From March 24, 2025, our owner reads 20 sent messages. This takes place weekly.",
        "From March 24, 2025, our owner reads 20 sent messages every week.",
    ),
    (
        "None of us had read Amazon's review policies since we opened the store in 2021.",
        "We had not read Amazon's review policies since we opened the store in 2021.",
    ),
    (
        "Our written procedures did not contain Amazon's review policies.",
        "Amazon's review policies were not included in our written procedures.",
    ),
    (
        "By refunding buyers outside Amazon, we violated Amazon's policies.",
        "We violated Amazon's policies and refunded buyers outside Amazon.",
    ),
    (
        "We reported all four reviews to Amazon for removal.",
        "We reported all four reviews to Amazon and requested their removal.",
    ),
]


@pytest.mark.parametrize(("passage", "written"), RIGHT)
def test_the_same_in_other_words_passes(passage: str, written: str) -> None:
    assert what_changed(passage, written) is None


WRONG = [
    (
        "Two of our employees wrote five reviews, and we repaid them.",
        "We two of our employees wrote five reviews, and we repaid them.",
        "Say it otherwise: “We two”.",
    ),
    (
        "On May 2, 2024, our manager asked six members.",
        "On May 2, 2024, we manager asked six members.",
        "Say it otherwise: “we manager asked”.",
    ),
    (
        "On May 2, 2024, our manager asked six members.",
        "On May 2, 2024, we let our manager ask six members.",
        "Let the same ones act as in the passage: it does not say “we”.",
    ),
    (
        "On May 2, 2024, all 17 employees signed it.",
        "On May 2, 2024, every 17 employees signed it.",
        "Say it otherwise: “every 17 employees”.",
    ),
    (
        "The owner read the policies and signed a declaration.",
        "The owner signed a declaration according to the policies.",
        "Keep these words of the passage or say the same: read.",
    ),
    (
        "Our owner wrote a review from his personal Amazon account.",
        "Our owner wrote a review from our own Amazon account.",
        "Keep these words of the passage or say the same: personal.",
    ),
    (
        "On June 15, 2024, we rewrote our reply guide.",
        "On June 15, 2024, our company has rewritten our reply guide.",
        "Say it otherwise: “On June 15, 2024, our company has ”.",
    ),
    (
        "We sent a letter to each of the 26 buyers to whom the agent had written.",
        "We sent a letter to each of the 26 buyers who had written to the agent.",
        "Let the same ones act as in the passage: it does not say “buyer who wri",
    ),
    (
        "We trained all 9 employees, and each of them passed a test.",
        "The notes say how: we trained all 9 employees, and each of them passed a test.",
        "Say it otherwise: “The notes”.",
    ),
    (
        "We opened a private group and gave 30 products to its members.",
        "A private group was opened and 30 products were given to its members.",
        "Say that it was us: we.",
    ),
    (
        "Our social media manager asked six members to change their reviews.",
        "A social media manager asked six members to change their reviews.",
        "Keep “our social media”.",
    ),
    (
        "In return, we offered a gift card.",
        "As a result, we offered a gift card.",
        "Keep these words of the passage or say the same: return.",
    ),
    (
        "Seven of these reviews were removed, and the seven orders named here belong to them.",
        "Of the seven reviews that were removed, seven orders were named here.",
        "Keep these words of the passage or say the same: belong.",
    ),
    (
        "We asked fourteen buyers to remove their reviews.",
        "Fourteen buyers were asked to remove their reviews.",
        "Say that it was us: we.",
    ),
    (
        "We asked the buyer to change the review before we would issue the refund. This was done through Amazon Pay.",
        "We asked the buyer to change the review before we would issue the refund through Amazon Pay.",
        "Say in a sentence of its own that this was done through Amazon Pay.",
    ),
    (
        "He wrote a review from his account, with which he had ordered it. This concerned order 113-5094728-3361805.",
        "He wrote a review from his account. This concerns order 113-5094728-3361805.",
        "Keep these words of the passage or say the same: ordered.",
    ),
    (
        "After our agent promised the buyer a refund, the agent asked the buyer to update the review.",
        "Our agent promised the buyer a refund, but the agent asked the buyer to update the review.",
        "Say it otherwise: “but”.",
    ),
    (
        "After our agent promised the buyer a refund, the agent asked the buyer to update the review.",
        "After our agent promised a refund, the buyer asked to update the review, and the agent asked for it.",
        "Let the same ones act as in the passage: it does not say “buyer ask”.",
    ),
    (
        "On May 23, 2024, all eight employees of our marketing and customer service teams passed a test.",
        "All eight employees passed a test on May 23, 2024.",
        "Keep these words of the passage or say the same: marketing, service.",
    ),
    (
        "The customer account involved is that of Hu Mingzhe.",
        "We did not engage any third parties to influence the reviews of Hu Mingzhe.",
        "Leave out what the passage does not say: influence.",
    ),
    (
        "We trained all 9 employees, and each of them passed a test.",
        "We trained all 9 employees and passed a test.",
        "Keep the scope: all, each.",
    ),
    (
        "We took back the remaining 1,240 slips.",
        "We took back the remaining 1,240 slips,240 slips.",
        "Keep every figure as it is, once each: 240.",
    ),
    (
        "Our owner opened the store without reading the policies.",
        "The store was opened without reading the policies.",
        "Keep these words of the passage or say the same: owner.",
    ),
    (
        "Average response time: 9 hours in May 2024",
        "The average response time was 9 hours on May 2024.",
        "Say it otherwise: “on May 2024”.",
    ),
    (
        "Our marketing manager put cards into the boxes.",
        "Our marketing manager put cards into the boxes as per instructions.",
        "Leave out what the passage does not say: instructions.",
    ),
    (
        "Nobody except our customer support representative saw our messages to buyers before they were sent.",
        "Our customer support representative saw our messages to buyers before they were sent.",
        "Keep what “Nobody except” says",
    ),
    (
        "Nobody except our customer support representative saw our messages to buyers before they were sent.",
        "The customer support representative did not read our messages to buyers before they were sent.",
        "Keep what “Nobody except” says",
    ),
    (
        "Apart from the orders named in this letter, no other customer account was involved.",
        "No other customer account was involved.",
        "Keep what “Apart from” says",
    ),
    (
        "We checked all 64 payments made since January 1, 2024 and found no other refund tied to a review.",
        "We checked all 64 payments made since January 1, 2024 for any other refund tied to a review.",
        "Keep the “no” of the passage.",
    ),
    (
        "Our owner read the policies.",
        "Our owner did not read the policies.",
        "Leave out what the passage does not say: “not”.",
    ),
    (
        "On 20 March 2025, we reported all four reviews to Amazon for removal.",
        "We reported all four reviews to Amazon on 20 March 2025 and removed them.",
        "Leave out what the passage does not say: “and removed”.",
    ),
    (
        "The owner reads all messages that were sent to buyers in the week before. This takes place weekly.",
        "The owner reads all messages sent to buyers the week before.",
        "Keep how often it is done: weekly.",
    ),
    (
        "The owner and the sales assistant read Amazon's review policies in full and signed a record of this.",
        "The owner and the sales assistant read Amazon's review policies and signed a record of this.",
        "Keep these words of the passage or say the same: full.",
    ),
    (
        "On 19 March 2025, we closed the PayPal account.",
        "We closed PayPal on 19 March 2025.",
        "Keep these words of the passage or say the same: account.",
    ),
    (
        "This letter answers the performance notification of 18 March 2025. It is our Plan of Action.",
        "Our plan for performance notification on 18 March 2025 has been sent.",
        "Keep these words of the passage or say the same: answers.",
    ),
    (
        "This letter answers the performance notification of 18 March 2025. It is our Plan of Action.",
        "This letter answers the performance notification of 18 March 2025. It is our plan.",
        "Keep “Plan of Action”.",
    ),
    (
        "We paid each of them after they had posted a five-star review. This was done through WhatsApp.",
        "We paid each of them after they had posted a five-star review on WhatsApp.",
        "Say in a sentence of its own that this was done through WhatsApp.",
    ),
    (
        "We offered a refund once they had posted a review, and paid both refunds. This was done by email.",
        "We offered a refund once they had posted a review, and paid both refunds through e-mail.",
        "Say in a sentence of its own that this was done by email.",
    ),
    (
        "The owner reads all messages sent in the week before. This takes place weekly.",
        "The owner reads all messages sent in the week before and takes place weekly.",
        "Say it otherwise: “and takes place”.",
    ),
    (
        "The agent joined us on February 1, and we have not trained her on reviews or checked her messages.",
        "We hired the agent on February 1. She has not been trained on reviews or checked her messages.",
        "Say it otherwise: “She has not”.",
    ),
    (
        "We asked two buyers to change their reviews and read all our messages.",
        "Two buyers were asked by us to change their reviews, and all our e-mails were read.",
        "Say it otherwise: “e-mails”.",
    ),
]


@pytest.mark.parametrize(("passage", "written", "note"), WRONG)
def test_what_was_lost_or_added_is_named(passage: str, written: str, note: str) -> None:
    assert (what_changed(passage, written) or "").startswith(note)
