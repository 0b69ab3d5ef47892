"""A real but tiny BERT sentence encoder with random weights, built on the spot: no network, no data."""

from pathlib import Path

PIECES = [*"的与和方法材料控制系统企业需求电池检测智能算法数据传感器,.:0123456789abcdefghijklmnopqrstuvwxyz"]
N_HEADS = 2
DIMENSION = 32
N_POSITIONS = 64


def save_tiny_bert(folder: Path, *, seed: int = 0) -> Path:
    """Write a sentence-transformers folder with mean pooling, unit length and e5's prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    backbone = folder / "backbone"
    vocabulary_size = _save_tokenizer(backbone)
    config = BertConfig(
        vocab_size=vocabulary_size,
        hidden_size=DIMENSION,
        num_hidden_layers=2,
        num_attention_heads=N_HEADS,
        intermediate_size=2 * DIMENSION,
        max_position_embeddings=N_POSITIONS,
        pad_token_id=1,
        # Ten times the usual spread, so that random weights tell texts apart.
        initializer_range=0.2,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(backbone)
    modules = [Transformer(str(backbone)), Pooling(DIMENSION, pooling_mode="mean"), Normalize()]
    prompts = {"query": "query: ", "document": "passage: "}
    model = folder / "model"
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(model))
    return model


def _save_tokenizer(folder: Path) -> int:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = list(dict.fromkeys(["▁", *PIECES]))
    vocabulary = [(token, 0.0) for token in special]
    vocabulary += [(piece, -2.0 - rank / 10) for rank, piece in enumerate(pieces)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=N_POSITIONS,
    ).save_pretrained(folder)
    return len(vocabulary)
